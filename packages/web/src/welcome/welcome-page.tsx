/** The first steps: who you are, your first person, and you are in. One thing has to be typed, and it is there already. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Contact } from '@kith/api/shapes';
import { Mark } from '../design/mark.tsx';
import { queries } from '../data/queries.ts';
import { useChangeSettings } from '../data/settings.ts';
import { AddedPerson } from '../people/added-person.tsx';
import { Waiting } from '../app/waiting.tsx';
import { FirstPerson } from './first-person.tsx';
import { StepDots } from './step-dots.tsx';
import { WhoYouAre } from './who-you-are.tsx';

type Step = { at: 'who' } | { at: 'person' } | { at: 'added'; id: string };

function connectedIn(contacts: readonly Contact[]): string | undefined {
  return contacts.find(({ state }) => state === 'connected')?.id;
}

export function WelcomePage() {
  const navigate = useNavigate();
  const changeSettings = useChangeSettings();
  const { data: profile } = useQuery(queries.profile);
  const [step, setStep] = useState<Step>({ at: 'who' });
  // Somebody took our card while it was shown: that is the first person as well.
  const { data: taker } = useQuery({
    ...queries.contacts,
    enabled: step.at === 'person',
    select: connectedIn,
  });
  const added = step.at === 'added' ? step.id : step.at === 'person' ? taker : undefined;
  if (profile === undefined) return <Waiting />;
  const done = (): void => changeSettings({ welcomed: true });
  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto flex min-h-full w-full max-w-120 flex-col items-center px-5 pt-[max(10vh,2rem)] pb-12">
        {added === undefined && <Mark size={52} className="mb-8 shrink-0 text-accent-text" />}
        {step.at === 'who' && <WhoYouAre profile={profile} onDone={() => setStep({ at: 'person' })} />}
        {step.at === 'person' && added === undefined && (
          <FirstPerson
            onAdded={({ id }) => setStep({ at: 'added', id })}
            onLater={() => {
              done();
              void navigate({ to: '/' });
            }}
          />
        )}
        {added !== undefined && <AddedPerson id={added} onOpen={done} />}
        <StepDots count={3} at={step.at === 'who' ? 0 : added === undefined ? 1 : 2} />
      </div>
    </main>
  );
}
