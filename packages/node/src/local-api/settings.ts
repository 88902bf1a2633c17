/** Choices of the profile, and the lock of its windows. */
import * as schemas from '@kith/api/settings-schemas';
import { planned } from './planned.ts';
import { call, router, type ResourceRouter } from './procedure.ts';

export const settings: ResourceRouter<'settings'> = router({
  get: call.output(schemas.settings).query(planned),
  set: call.input(schemas.settingsInput).output(schemas.settings).mutation(planned),
});

export const lock: ResourceRouter<'lock'> = router({
  setPin: call.input(schemas.pinInput).output(schemas.settings).mutation(planned),
  unlock: call.input(schemas.unlockInput).output(schemas.unlocked).mutation(planned),
});
