/** A field with its name above, help below, and what is wrong in the help's place. */
import { useId, type ComponentProps, type ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface FieldWords {
  label: string;
  /** The name is read out but not shown: the place says what it is. */
  hideLabel?: boolean;
  help?: ReactNode;
  /** What is wrong and what to do. Read out when it appears. */
  error?: string | undefined;
}

const fieldLook = classNames(
  'w-full rounded-control border border-edge/60 bg-raised text-body text-text placeholder:text-faint',
  'transition-colors duration-100 hover:border-edge focus:border-accent focus:outline-2 focus:-outline-offset-1',
  'focus:outline-accent aria-invalid:border-bad',
);

function Words({
  id,
  label,
  hideLabel = false,
  help,
  error,
  children,
}: FieldWords & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-small text-secondary'}>
        {label}
      </label>
      {children}
      {error !== undefined ? (
        <p id={`${id}-help`} role="alert" className="text-small text-bad">
          {error}
        </p>
      ) : (
        help !== undefined && (
          <p id={`${id}-help`} className="text-small text-faint">
            {help}
          </p>
        )
      )}
    </div>
  );
}

export interface TextFieldProps extends FieldWords, Omit<ComponentProps<'input'>, 'children'> {
  icon?: ReactNode;
}

export function TextField({ label, hideLabel, help, error, icon, className, ...rest }: TextFieldProps) {
  const id = useId();
  const isDescribed = error !== undefined || help !== undefined;
  return (
    <Words id={id} label={label} hideLabel={hideLabel ?? false} help={help} error={error}>
      <div className="relative">
        {icon !== undefined && (
          <span className="pointer-events-none absolute inset-y-0 start-2.5 flex items-center text-faint">
            {icon}
          </span>
        )}
        <input
          id={id}
          type="text"
          autoComplete="off"
          aria-invalid={error !== undefined || undefined}
          aria-describedby={isDescribed ? `${id}-help` : undefined}
          {...rest}
          className={classNames(fieldLook, 'h-9 px-3', icon !== undefined && 'ps-8.5', className)}
        />
      </div>
    </Words>
  );
}

export interface TextAreaProps extends FieldWords, Omit<ComponentProps<'textarea'>, 'children'> {}

export function TextArea({ label, hideLabel, help, error, className, ...rest }: TextAreaProps) {
  const id = useId();
  const isDescribed = error !== undefined || help !== undefined;
  return (
    <Words id={id} label={label} hideLabel={hideLabel ?? false} help={help} error={error}>
      <textarea
        id={id}
        autoComplete="off"
        aria-invalid={error !== undefined || undefined}
        aria-describedby={isDescribed ? `${id}-help` : undefined}
        {...rest}
        className={classNames(fieldLook, 'resize-none px-3 py-2', className)}
      />
    </Words>
  );
}
