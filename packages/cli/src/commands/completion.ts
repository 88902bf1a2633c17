import { KithError } from '@kith/api/errors';
import type { CliContext } from '../context.ts';

// The words up to the cursor go to `kith __complete`, which answers with one proposal a line.
const scripts: Record<string, string> = {
  bash: `_kith() {
  local IFS=$'\\n' proposal
  COMPREPLY=()
  for proposal in $(kith __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
    COMPREPLY+=("$(printf '%q' "$proposal")")
  done
}
complete -o default -F _kith kith
`,
  zsh: `#compdef kith
_kith() {
  local -a proposals
  proposals=("\${(@f)$(kith __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  proposals=("\${(@)proposals:#}")
  (( \${#proposals} )) && compadd -a proposals || _files
}
if [ "\${funcstack[1]}" = "_kith" ]; then _kith "$@"; else compdef _kith kith; fi
`,
  fish: `function __kith_propose
    set -l words (commandline -opc) (commandline -ct)
    kith __complete $words[2..-1] 2>/dev/null
end
complete -c kith -f -a '(__kith_propose)'
`,
};

/** Prints the script of a shell. */
export async function completion(this: CliContext, _flags: object, shell: string): Promise<void> {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined) throw new KithError('usage', 'There are scripts for bash, zsh and fish.');
  await Promise.resolve();
  this.output.line(script.trimEnd());
}
