/**
 * Where messages are written. Typing never waits for anything: the text lives here, the draft is saved beside it, and a message is
 * shown before the node has it. Enter sends, Shift and Enter breaks the line; where fingers type, Enter breaks and the button sends.
 */
import { ArrowUp, Check, SmilePlus } from 'lucide-react';
import {
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  type RefObject,
} from 'react';
import { useIsDrawn } from '../design/after-paint.ts';
import { classNames } from '../design/class-names.ts';
import { IconButton } from '../design/icon-button.tsx';
import { Popover } from '../design/popover.tsx';
import { usedEmoji } from '../emoji/emoji-list.ts';
import { EmojiPicker } from '../emoji/late-picker.ts';
import { PickerSkeleton } from '../emoji/reaction-picker.tsx';
import { useTexts } from '../i18n/texts.ts';
import { ComposerNotes } from './composer-notes.tsx';
import { FormatMenu, formatByKey } from './format-menu.tsx';
import { LifetimeMenu } from './lifetime-menu.tsx';
import { readSlash, type SlashCommand } from './slash-command.ts';
import { suggestionId, Suggestions } from './suggestions.tsx';
import { insertBlock, insertText } from './text-edit.ts';
import { textBytes, textBytesMax } from './text-size.ts';
import { useSuggestions, type UseSuggestions } from './use-suggestions.tsx';

/** A longer text than a draft may be is not taken at all. As the API has it, in UTF-16 units. */
const draftLengthMax = 131_072;

export interface ComposerHandle {
  focus: () => void;
  insert: (text: string) => void;
  /** On a line of its own. */
  insertBlock: (text: string) => void;
}

export interface ComposerProps {
  ref?: Ref<ComposerHandle>;
  text: string;
  /** To whom, for the field's name. */
  name: string;
  isEditing: boolean;
  /** Above the field: what is answered or edited. */
  bar: ReactNode;
  /** The node is there; without it, writing goes on and sending waits. */
  isConnected: boolean;
  ttlMs: number | null;
  onTtl: (ttlMs: number | null) => void;
  onType: (text: string) => void;
  onSend: (text: string) => void;
  /** More than one message holds. */
  onSendParts: (text: string) => void;
  onCommand: (command: SlashCommand) => void;
  /** Escape where nothing else is open: takes back the reply, or the edit. */
  onCancel: () => void;
  /** Arrow up in an empty field. */
  onEditLast: () => void;
  /** Into the list of messages. */
  onToList: () => void;
}

export function Composer(props: ComposerProps) {
  const { ref, text, isEditing, bar, isConnected, ttlMs, onTtl } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const ids = { list: useId(), notes: useId() };
  const [cursor, setCursor] = useState(text.length);
  const [isPasteRefused, setIsPasteRefused] = useState(false);
  const suggestions = useSuggestions(text, cursor, field);
  const bytes = textBytes(text);
  const reading = isEditing ? null : readSlash(text);
  const isDrawn = useIsDrawn();
  const canSend =
    isConnected && text.trim() !== '' && bytes <= textBytesMax && reading?.kind !== 'unfinished';
  useImperativeHandle(ref, () => ({
    focus: () => field.current !== null && focusAtEnd(field.current),
    insert: (words) => field.current !== null && insertText(field.current, words),
    insertBlock: (words) => field.current !== null && insertBlock(field.current, words),
  }));

  function send(): void {
    if (reading?.kind === 'ready') {
      props.onType('');
      props.onCommand(reading.command);
    } else if (canSend) props.onSend(text.trimEnd());
  }

  return (
    <div className="mx-auto w-full max-w-190 px-3 pb-3">
      <div className="relative">
        {suggestions.list.length > 0 && (
          <Suggestions
            id={ids.list}
            label={suggestions.label}
            suggestions={suggestions.list}
            active={suggestions.active}
          />
        )}
        <div className="rounded-bubble border border-edge/50 bg-raised transition-colors duration-100 focus-within:border-accent">
          {bar}
          <div className="flex items-end gap-0.5 p-1">
            <div className="hidden pane:block">
              {isDrawn ? <FormatMenu field={field} /> : <ButtonPlace />}
            </div>
            <Field
              {...props}
              {...{ field, ids, suggestions }}
              onCursor={setCursor}
              onSubmit={send}
              onPasteRefused={setIsPasteRefused}
            />
            {isDrawn ? (
              <Buttons {...{ field, isEditing, ttlMs, onTtl, canSend }} onSend={send} />
            ) : (
              buttonPlaces.slice(isEditing ? 1 : 0).map((place) => <ButtonPlace key={place} />)
            )}
          </div>
        </div>
      </div>
      <ComposerNotes
        id={ids.notes}
        bytes={bytes}
        isConnected={isConnected}
        isPasteRefused={isPasteRefused}
        unfinished={reading?.kind === 'unfinished' ? reading.name : null}
        ttlMs={isEditing ? null : ttlMs}
        onSendParts={isEditing ? null : () => props.onSendParts(text)}
      />
    </div>
  );
}

const buttonPlaces = ['lifetime', 'emoji', 'send'];

function ButtonPlace() {
  return <span className="block size-8.5 shrink-0" />;
}

interface ButtonsProps extends Pick<ComposerProps, 'isEditing' | 'ttlMs' | 'onTtl'> {
  field: RefObject<HTMLTextAreaElement | null>;
  canSend: boolean;
  onSend: () => void;
}

function Buttons({ field, isEditing, ttlMs, onTtl, canSend, onSend }: ButtonsProps) {
  const { t } = useTexts();
  return (
    <>
      <EmojiButton onPick={(sign) => field.current !== null && insertText(field.current, sign)} />
      {!isEditing && <LifetimeMenu ttlMs={ttlMs} onChange={onTtl} />}
      <IconButton
        label={isEditing ? t('composer.save') : t('composer.send')}
        icon={isEditing ? <Check size={18} /> : <ArrowUp size={18} />}
        disabled={!canSend}
        onClick={() => {
          onSend();
          field.current?.focus();
        }}
        className={classNames(
          'rounded-full!',
          canSend && 'bg-accent! text-on-accent! hover:bg-accent-hover!',
        )}
      />
    </>
  );
}

interface FieldProps extends ComposerProps {
  field: RefObject<HTMLTextAreaElement | null>;
  ids: { list: string; notes: string };
  suggestions: UseSuggestions;
  onCursor: (at: number) => void;
  onSubmit: () => void;
  onPasteRefused: (isRefused: boolean) => void;
}

function Field(props: FieldProps) {
  const { field, ids, suggestions, text, name, isEditing, onCursor, onPasteRefused } = props;
  const { t } = useTexts();
  const hasList = suggestions.list.length > 0;
  useHeight(field, text);

  function onPaste(event: ClipboardEvent<HTMLTextAreaElement>): void {
    const isHuge = text.length + event.clipboardData.getData('text/plain').length > draftLengthMax;
    onPasteRefused(isHuge);
    if (isHuge) event.preventDefault();
  }

  return (
    <textarea
      ref={field}
      data-composer=""
      rows={1}
      dir="auto"
      value={text}
      aria-label={isEditing ? t('composer.edit') : t('composer.label', { name })}
      placeholder={isEditing ? '' : t('composer.placeholder')}
      aria-describedby={ids.notes}
      aria-autocomplete="list"
      aria-controls={hasList ? ids.list : undefined}
      aria-activedescendant={hasList ? suggestionId(ids.list, suggestions.active) : undefined}
      enterKeyHint={typesWithFingers() ? 'enter' : 'send'}
      onChange={(event) => {
        onCursor(event.target.selectionEnd);
        onPasteRefused(false);
        props.onType(event.target.value);
      }}
      onSelect={(event) => onCursor(event.currentTarget.selectionEnd)}
      onKeyDown={(event) => onFieldKey(event, props)}
      onPaste={onPaste}
      className="foreign field-sizing-content max-h-[38vh] min-h-8.5 min-w-0 flex-1 resize-none bg-transparent px-1.5 py-1.5 text-body placeholder:whitespace-nowrap placeholder:text-faint focus:outline-none"
    />
  );
}

function onFieldKey(event: KeyboardEvent<HTMLTextAreaElement>, props: FieldProps): void {
  // Keys of an input method choose among characters; 229 is what Safari says while it ends.
  if (event.nativeEvent.isComposing || event.keyCode === 229) return;
  if (props.suggestions.list.length > 0 && onSuggestionKey(event, props.suggestions)) return;
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  const isSend =
    event.key === 'Enter' && (event.ctrlKey || event.metaKey || (isPlain && !typesWithFingers()));
  if (formatByKey(event, event.currentTarget)) event.preventDefault();
  else if (isSend) {
    event.preventDefault();
    props.onSubmit();
  } else if (event.key === 'Escape') props.onCancel();
  else if (event.key === 'ArrowUp' && isPlain && props.text === '') {
    event.preventDefault();
    props.onEditLast();
  } else if (event.key === 'PageUp' && isPlain) {
    event.preventDefault();
    props.onToList();
  }
}

function onSuggestionKey(event: KeyboardEvent<HTMLTextAreaElement>, suggestions: UseSuggestions): boolean {
  switch (event.key) {
    case 'ArrowDown':
      suggestions.move(1);
      break;
    case 'ArrowUp':
      suggestions.move(-1);
      break;
    case 'Enter':
    case 'Tab':
      if (event.shiftKey) return false;
      suggestions.list[suggestions.active]?.onTake();
      break;
    case 'Escape':
      suggestions.close();
      break;
    default:
      return false;
  }
  event.preventDefault();
  return true;
}

function EmojiButton({ onPick }: { onPick: (sign: string) => void }) {
  const { t } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      label={t('emoji.title')}
      open={isOpen}
      onOpenChange={setIsOpen}
      side="top"
      align="end"
      trigger={<IconButton label={t('emoji.title')} icon={<SmilePlus size={18} />} />}
    >
      <EmojiPicker
        part={{
          onPick: (sign) => {
            usedEmoji(sign);
            setIsOpen(false);
            // After the panel gave the focus back to its button.
            requestAnimationFrame(() => onPick(sign));
          },
        }}
        meanwhile={<PickerSkeleton />}
        onFailed={() => setIsOpen(false)}
      />
    </Popover>
  );
}

/** A field that was drawn with its text has the cursor before it; one that had the focus before keeps its place. */
function focusAtEnd(field: HTMLTextAreaElement): void {
  if (field === document.activeElement) return;
  field.focus();
  if (field.selectionEnd === 0) field.setSelectionRange(field.value.length, field.value.length);
}

/** Where the browser itself keeps a field as high as its text (`field-sizing`), nobody has to measure it with every letter. */
const fitsItself = CSS.supports('field-sizing', 'content');

/** The field is as high as its text, up to its maximum. */
function fit(element: HTMLElement): void {
  element.style.height = 'auto';
  element.style.height = `${String(element.scrollHeight)}px`;
}

function useHeight(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (!fitsItself && field.current !== null) fit(field.current);
  }, [field, text]);
  useEffect(() => {
    const element = field.current;
    if (fitsItself || element === null) return undefined;
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      fit(element);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [field]);
}

function typesWithFingers(): boolean {
  return matchMedia('(pointer: coarse) and (hover: none)').matches;
}
