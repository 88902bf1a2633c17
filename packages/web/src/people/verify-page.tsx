/** Making sure that nobody is between: by a number read to each other, or by the cameras of both. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { Contact, SafetyNumber } from '@kith/api/shapes';
import { asKithError } from '@kith/api/errors';
import { Button } from '../design/button.tsx';
import { Tabs } from '../design/tabs.tsx';
import { showToast } from '../design/toast-store.ts';
import { NotFound } from '../app/lost.tsx';
import { Waiting } from '../app/waiting.tsx';
import { api } from '../data/connection.ts';
import { keepContact, useContact } from '../data/contacts.ts';
import { keys, queryClient } from '../data/query-client.ts';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { Page } from '../shell/page.tsx';
import { VerifyByCamera } from './verify-by-camera.tsx';
import { VerifyByNumber } from './verify-by-number.tsx';

export function VerifyPage() {
  const { contact: id = '' } = useParams({ strict: false });
  const { isPending } = useQuery(queries.contacts);
  const contact = useContact(id);
  if (contact === undefined) return isPending ? <Waiting /> : <NotFound />;
  return <Verify contact={contact} />;
}

/** What they hold against each other: the digits that were read out, or what the camera saw. */
export type Comparison = { matches: string } | { scanned: string };

function Verify({ contact }: { contact: Contact }) {
  const { t } = useTexts();
  const { id, name } = contact;
  const { data: number, isError, error } = useQuery(queries.safetyNumber(id));
  const [differs, setDiffers] = useState(false);
  const compare = useMutation({
    mutationFn: async (comparison: Comparison) =>
      await api.contacts.verify.mutate({ contact: id, ...comparison }),
    onSuccess: async (fresh) => {
      queryClient.setQueryData<SafetyNumber>(keys.safetyNumber(id), fresh);
      await queryClient.invalidateQueries({ queryKey: keys.contacts });
    },
    onError: (failure) => {
      if (asKithError(failure).code === 'number-mismatch') setDiffers(true);
      else showToast({ text: errorWords(failure), look: 'bad' });
    },
  });
  if (isError) return <Page title={t('verify.title', { name })}>{errorWords(error)}</Page>;
  if (number === undefined) return <Waiting />;
  return (
    <Page title={t('verify.title', { name })}>
      {differs ? (
        <Differs name={name} onAgain={() => setDiffers(false)} />
      ) : number.verified ? (
        <Verified contact={contact} />
      ) : (
        <>
          <p className="mb-6 text-secondary text-pretty">{t('verify.text', { name })}</p>
          <Tabs
            label={t('verify.ways')}
            tabs={[
              {
                id: 'number',
                label: t('verify.by-number'),
                content: (
                  <VerifyByNumber
                    number={number.safetyNumber}
                    isBusy={compare.isPending}
                    onSame={() => compare.mutate({ matches: number.safetyNumber })}
                    onDiffers={() => setDiffers(true)}
                  />
                ),
              },
              {
                id: 'camera',
                label: t('verify.by-camera'),
                content: (
                  <VerifyByCamera
                    code={number.code}
                    name={name}
                    onScanned={(scanned) => compare.mutate({ scanned })}
                  />
                ),
              },
            ]}
          />
        </>
      )}
    </Page>
  );
}

function Verified({ contact }: { contact: Contact }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { id, name, conversation } = contact;
  const takeBack = useMutation({
    mutationFn: async () => await api.contacts.unverify.mutate({ contact: id }),
    onSuccess: async (fresh) => {
      keepContact(fresh);
      await queryClient.invalidateQueries({ queryKey: keys.safetyNumber(id) });
    },
    onError: (error) => showToast({ text: errorWords(error), look: 'bad' }),
  });
  return (
    <div role="status" className="rise flex flex-col items-center py-12 text-center">
      <span className="mb-5 inline-flex size-18 items-center justify-center rounded-full bg-good-soft">
        <ShieldCheck size={36} className="text-good" />
      </span>
      <h2 className="text-title">{t('verify.done')}</h2>
      <p className="mt-2 max-w-90 text-secondary text-balance">{t('verify.done.text', { name })}</p>
      <div className="mt-8 flex flex-wrap justify-center gap-2">
        <Button
          look="primary"
          onClick={() => void navigate({ to: '/c/$conversation', params: { conversation } })}
        >
          {t('verify.back')}
        </Button>
        <Button look="quiet" onClick={() => takeBack.mutate()}>
          {t('verify.take-back')}
        </Button>
      </div>
    </div>
  );
}

function Differs({ name, onAgain }: { name: string; onAgain: () => void }) {
  const { t } = useTexts();
  return (
    <div role="alert" className="rise flex flex-col items-center py-12 text-center">
      <span className="mb-5 inline-flex size-18 items-center justify-center rounded-full bg-bad-soft">
        <ShieldAlert size={36} className="text-bad" />
      </span>
      <h2 className="text-title">{t('verify.differs')}</h2>
      <p className="mt-2 max-w-100 text-secondary text-balance">{t('verify.differs.text', { name })}</p>
      <Button className="mt-8" onClick={onAgain}>
        {t('verify.again')}
      </Button>
    </div>
  );
}
