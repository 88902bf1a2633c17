/**
 * How far the first contact with somebody has come: the ring of six fills as it goes on. What holds it up is said as soon as
 * it is known and has lasted, at the latest after 15 seconds.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Contact } from '@kith/api/shapes';
import type { Reach } from '@kith/api/settings-shapes';
import { classNames } from '../design/class-names.ts';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';
import { reachCauseWords, reachStepWords } from '../i18n/wording.ts';
import { ReachRing } from './reach-ring.tsx';

/** Shorter delays are the ordinary way of things and would only worry. */
const causeMs = 4_000;
/** A failed attempt twice is a cause worth saying at once. */
const failuresMin = 2;

const steps: readonly Reach['step'][] = ['looking', 'dialling', 'linked', 'asked', 'connected'];

export interface ReachProgressProps {
  contact: Contact;
  /** Smaller, beside other things. */
  compact?: boolean;
}

export function ReachProgress({ contact, compact = false }: ReachProgressProps) {
  const { t } = useTexts();
  const { data: reach } = useQuery({ ...queries.reach(contact.id), enabled: contact.state === 'requested' });
  const isLong = useIsLong(causeMs);
  const step = contact.state === 'connected' ? 'connected' : (reach?.step ?? 'looking');
  const cause = reach?.cause ?? null;
  const isSaid = step !== 'connected' && cause !== null && (isLong || (reach?.failures ?? 0) >= failuresMin);
  return (
    <div
      role="status"
      className={classNames(
        'flex',
        compact ? 'items-start gap-4' : 'flex-col items-center gap-5 text-center',
      )}
    >
      <ReachRing done={steps.indexOf(step) + 1} isHeld={isSaid} size={compact ? 36 : 88} />
      <div className={classNames('min-w-0', compact && 'pt-1')}>
        <p className={compact ? undefined : 'text-title'}>{reachStepWords(step, contact.name)}</p>
        {isSaid && <p className="mt-1.5 max-w-100 text-secondary text-pretty">{reachCauseWords(cause)}</p>}
        {step === 'asked' && !isSaid && (
          <p className="mt-1.5 max-w-100 text-secondary text-pretty">{t('reach.asked.text')}</p>
        )}
      </div>
    </div>
  );
}

function useIsLong(ms: number): boolean {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isLong;
}
