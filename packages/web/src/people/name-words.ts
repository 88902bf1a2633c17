/** Why a name was refused. */
import { asKithError } from '@kith/api/errors';
import { translate } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { nameMax } from './limits.ts';

/** @param name - What was typed. The node says only that it is no name; where its length is right, its characters are not. */
export function nameErrorWords(error: unknown, name: string): string {
  const length = [...name.trim()].length;
  const isCharacters = asKithError(error).code === 'bad-name' && length > 0 && length <= nameMax;
  return isCharacters ? translate('name.characters') : errorWords(error);
}
