/** What has to be known of the words before the command is. Pure. */

/** `--data DIR` and `--json` may stand before the command; the parser wants them behind it. */
export function moveFlagsBehindCommand(argv: readonly string[]): string[] {
  const moved: string[] = [];
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--json' || word.startsWith('--data=')) moved.push(word);
    else if (word === '--data' && at + 1 < argv.length) moved.push(word, argv[++at] ?? '');
    else break;
  }
  const [command, ...rest] = argv.slice(at);
  if (command === undefined) return moved;
  return command.startsWith('-') ? [command, ...rest, ...moved] : [command, ...moved, ...rest];
}

/** Whether the output is JSON, and whether only the version is asked for. Words after `--` are text. */
export function findMode(words: readonly string[]): { isJson: boolean; wantsVersion: boolean } {
  const end = words.indexOf('--');
  const flags = end < 0 ? words : words.slice(0, end);
  const others = flags.filter((word) => word !== '--json');
  return { isJson: flags.includes('--json'), wantsVersion: others[0] === '--version' || others[0] === '-v' };
}
