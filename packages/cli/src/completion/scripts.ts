const BASH = `# Completes gangway: source this file.
_gangway() {
  local IFS=$'\\n'
  COMPREPLY=($(gangway completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _gangway gangway
`;

const ZSH = `#compdef gangway
_gangway() {
  local -a found
  found=("\${(@f)$(gangway completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
if [[ "$funcstack[1]" = _gangway ]]; then _gangway; else compdef _gangway gangway; fi
`;

const FISH = `# Completes gangway.
complete -c gangway -f -a '(gangway completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`;

/** What a shell reads to complete the command, by its name. */
export const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;
