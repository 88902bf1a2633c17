/** The one table of the API's resources. Its type is the contract that clients are compiled against. */
import type { ApiRouter } from '@kith/api/contract';
import { contacts } from './contacts.ts';
import { conversations } from './conversations.ts';
import { events } from './events.ts';
import { messages } from './messages.ts';
import { network } from './network.ts';
import { node } from './node.ts';
import { router, type ApiContext } from './procedure.ts';
import { profile } from './profile.ts';
import { lock, settings } from './settings.ts';

export const routes: ApiRouter<ApiContext> = router({
  node,
  profile,
  contacts,
  conversations,
  messages,
  network,
  settings,
  lock,
  events,
});
