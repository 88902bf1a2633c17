/** Puts a text on the clipboard, and says so in its own place. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import { announce } from './live-region.tsx';
import { useTexts } from '../i18n/texts.ts';

const shownMs = 2_000;

export interface CopyButtonProps extends Omit<ButtonProps, 'onClick' | 'icon' | 'busy' | 'value'> {
  /** What is copied, or how to get it. */
  value: string | (() => Promise<string>);
  /** The words of the button; "Copy" when left out. */
  words?: string;
}

export function CopyButton({ value, words, ...rest }: CopyButtonProps) {
  const { t } = useTexts();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(typeof value === 'string' ? value : await value());
    setCopied(true);
    announce(t('action.copied'));
  }

  return (
    <Button
      {...rest}
      icon={copied ? <Check size={16} /> : <Copy size={16} />}
      onClick={() => {
        copy().catch(() => setCopied(false));
      }}
    >
      {copied ? t('action.copied') : (words ?? t('action.copy'))}
    </Button>
  );
}
