/** The emoji of all groups, with their names: the largest part there is, loaded when somebody looks for one. */
import { latePart } from '../design/late-part.tsx';

export const EmojiPicker = latePart(async () => (await import('./emoji-picker.tsx')).EmojiPicker);
