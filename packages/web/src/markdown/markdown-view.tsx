/**
 * Draws the markdown of a message as React elements. Never HTML strings, never anything fetched; who wrote it may be anybody, so a
 * link shows where it leads and every paragraph has its own direction.
 */
import { Copy, TriangleAlert, UserPlus } from 'lucide-react';
import { memo, useMemo, useState, type ReactNode } from 'react';
import { IconButton } from '../design/icon-button.tsx';
import { classNames } from '../design/class-names.ts';
import { showToast } from '../design/toast-store.ts';
import { useTexts } from '../i18n/texts.ts';
import type { Inline } from './inline-markdown.ts';
import type { Link } from './link.ts';
import { parseMarkdown, type Block } from './markdown.ts';

export interface MarkdownViewProps {
  text: string;
  /** At the end of the last line, where there is room: time and tick. */
  end?: ReactNode;
  /** What a `mesh:` link does; without it such a link is text. */
  onMeshLink?: ((href: string) => void) | undefined;
}

export const MarkdownView = memo(function MarkdownView({ text, end, onMeshLink }: MarkdownViewProps) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  const last = blocks.at(-1);
  const isInline = last === undefined || last.kind === 'paragraph';
  return (
    <div className="markdown flex min-w-0 flex-col gap-1.5">
      {blocks.map((block, index) => (
        // Blocks have no identity of their own: the text is replaced as a whole.
        <BlockView
          key={index}
          block={block}
          onMeshLink={onMeshLink}
          end={block === last && isInline ? end : undefined}
        />
      ))}
      {!isInline && end !== undefined && <div className="flex justify-end">{end}</div>}
    </div>
  );
});

interface BlockViewProps {
  block: Block;
  end?: ReactNode;
  onMeshLink?: ((href: string) => void) | undefined;
}

function BlockView({ block, end, onMeshLink }: BlockViewProps) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p dir="auto" className="whitespace-pre-wrap">
          {block.children.map((node, index) => (
            <InlineView key={index} node={node} onMeshLink={onMeshLink} />
          ))}
          {end}
        </p>
      );
    case 'code':
      return <CodeBlock text={block.text} language={block.language} />;
    case 'quote':
      return (
        <blockquote className="flex flex-col gap-1.5 border-s-2 border-current/25 ps-2.5 text-secondary">
          {block.children.map((child, index) => (
            <BlockView key={index} block={child} onMeshLink={onMeshLink} />
          ))}
        </blockquote>
      );
    case 'list': {
      const items = block.items.map((item, index) => (
        <li key={index} className="ps-1">
          {item.map((child, at) => (
            <BlockView key={at} block={child} onMeshLink={onMeshLink} />
          ))}
        </li>
      ));
      return block.start === null ? (
        <ul className="list-disc ps-5 marker:text-faint">{items}</ul>
      ) : (
        <ol start={block.start} className="list-decimal ps-7 marker:text-faint marker:tabular-nums">
          {items}
        </ol>
      );
    }
  }
}

function CodeBlock({ text, language }: { text: string; language: string }) {
  const { t } = useTexts();
  return (
    <div className="group/code relative min-w-0">
      <pre
        dir="ltr"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways, which keys must reach.
        tabIndex={0}
        aria-label={language === '' ? t('talk.code') : t('talk.code.language', { language })}
        className="max-h-96 overflow-auto rounded-control bg-ground/70 px-3 py-2 font-mono text-small"
      >
        <code>{text}</code>
      </pre>
      <IconButton
        label={t('talk.code.copy')}
        icon={<Copy size={14} />}
        size="small"
        className="absolute end-1 top-1 bg-raised opacity-0 group-focus-within/code:opacity-100 group-hover/code:opacity-100"
        onClick={() => {
          void navigator.clipboard.writeText(text).then(() => showToast({ text: t('talk.copied') }));
        }}
      />
    </div>
  );
}

interface InlineViewProps {
  node: Inline;
  onMeshLink?: ((href: string) => void) | undefined;
}

function InlineView({ node, onMeshLink }: InlineViewProps) {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'code') {
    return (
      <code dir="auto" className="rounded-small bg-ground/70 px-1 py-px font-mono text-[0.9em]">
        {node.text}
      </code>
    );
  }
  if (node.kind === 'link') return <LinkView link={node.link} onMeshLink={onMeshLink} />;
  const children = node.children.map((child, index) => (
    <InlineView key={index} node={child} onMeshLink={onMeshLink} />
  ));
  switch (node.kind) {
    case 'strong':
      return <strong>{children}</strong>;
    case 'emphasis':
      return <em>{children}</em>;
    case 'strike':
      return <s>{children}</s>;
    case 'spoiler':
      return <Spoiler>{children}</Spoiler>;
  }
}

function LinkView({ link, onMeshLink }: { link: Link; onMeshLink?: ((href: string) => void) | undefined }) {
  const { t } = useTexts();
  const look =
    'rounded-small text-accent-text underline decoration-current/40 underline-offset-2 hover:decoration-current';
  const where = link.host !== null && (
    <span className={classNames('text-[0.87em]', link.isUnusual ? 'text-warn' : 'text-faint')}>
      {' '}
      {link.isUnusual && (
        <TriangleAlert aria-hidden="true" size={13} className="me-0.5 inline align-[-2px]" />
      )}
      (<bdi dir="ltr">{link.host}</bdi>
      {link.isUnusual && <span className="sr-only">: {t('talk.link.unusual')}</span>})
    </span>
  );
  if (link.scheme === 'mesh') {
    const words = link.isBareCard ? (
      <>
        <UserPlus aria-hidden="true" size={15} className="me-1 inline align-[-2px]" />
        {t('talk.card')}
      </>
    ) : (
      // Short ones stand on the line of what is around them.
      <bdi dir="ltr" className={link.text.length > 60 ? 'line-clamp-2 text-start break-all' : undefined}>
        {link.text}
      </bdi>
    );
    if (onMeshLink === undefined) return words;
    return (
      <>
        <button type="button" className={look} onClick={() => onMeshLink(link.href)}>
          {words}
        </button>
        {where}
      </>
    );
  }
  return (
    <>
      <a
        href={link.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        referrerPolicy="no-referrer"
        data-tip={link.isUnusual ? t('talk.link.unusual') : undefined}
        className={look}
      >
        <bdi>{link.text}</bdi>
      </a>
      {where}
    </>
  );
}

function Spoiler({ children }: { children: ReactNode }) {
  const { t } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  if (isOpen) return <span className="rounded-small bg-current/10 px-0.5">{children}</span>;
  return (
    // Not a button element: that would not break over lines.
    <span
      role="button"
      tabIndex={0}
      aria-label={t('talk.spoiler.show')}
      onClick={() => setIsOpen(true)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        setIsOpen(true);
      }}
      className="rounded-small bg-text/80 px-0.5 text-transparent select-none hover:bg-text/65"
    >
      {/* Not read, not focused, not found by a search in the page. */}
      <span aria-hidden="true" className="invisible">
        {children}
      </span>
    </span>
  );
}
