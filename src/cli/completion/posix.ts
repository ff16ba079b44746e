import type { Flag, Place } from './tree.js';

/** Names, flags and choices are of letters, digits and `-_.`: no quoting is asked for. */
const wordsOf = ({ commands, flags }: Place): string =>
  [...commands.map(({ name }) => name), ...flags.flatMap(({ names }) => names)].join(' ');

const choiceLine = (path: string, { names, choices }: Flag): string =>
  `    ${names.map(name => `'${path}:${name}'`).join('|')}) echo '${(choices ?? []).join(' ')}' ;;`;

/** What the shells have in common: functions over the words of a command line. */
const functions = (places: readonly Place[]): string => `_weirgate_words() {
  case "$1" in
${places.map(place => `    '${place.path}') echo '${wordsOf(place)}' ;;`).join('\n')}
  esac
}

_weirgate_choices() {
  case "$1:$2" in
${places.flatMap(({ path, flags }) => flags.filter(({ choices }) => choices !== null).map(flag => choiceLine(path, flag))).join('\n')}
  esac
}

_weirgate_is_command() {
  case "$1" in
${places
  .filter(({ path }) => path !== '')
  .map(({ path }) => `    '${path}') return 0 ;;`)
  .join('\n')}
  esac
  return 1
}

_weirgate_takes_value() {
  case "$1:$2" in
${places.flatMap(({ path, flags }) => flags.filter(({ takesValue }) => takesValue).flatMap(({ names }) => names.map(name => `    '${path}:${name}') return 0 ;;`))).join('\n')}
  esac
  return 1
}

# The words of the command that are written already.
_weirgate_path() {
  local written='' word
  for word in "$@"; do
    if _weirgate_is_command "\${written:+$written }$word"; then written="\${written:+$written }$word"; fi
  done
  echo "$written"
}
`;

export const bashScript = (places: readonly Place[]): string => `# Completion of weirgate for bash.
${functions(places)}
_weirgate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path choices
  path="$(_weirgate_path "\${COMP_WORDS[@]:1:COMP_CWORD-1}")"
  choices="$(_weirgate_choices "$path" "$before")"
  if [ -n "$choices" ]; then COMPREPLY=($(compgen -W "$choices" -- "$current")); return; fi
  COMPREPLY=()
  if _weirgate_takes_value "$path" "$before"; then return; fi
  COMPREPLY=($(compgen -W "$(_weirgate_words "$path")" -- "$current"))
}

complete -o default -F _weirgate weirgate
`;

export const zshScript = (places: readonly Place[]): string => `#compdef weirgate
# Completion of weirgate for zsh.
${functions(places)}
_weirgate() {
  local before="\${words[CURRENT-1]}" path_written choices
  path_written="$(_weirgate_path "\${(@)words[2,CURRENT-1]}")"
  choices="$(_weirgate_choices "$path_written" "$before")"
  if [ -n "$choices" ]; then compadd -- \${=choices}; return; fi
  if _weirgate_takes_value "$path_written" "$before"; then _files; return; fi
  compadd -- \${=$(_weirgate_words "$path_written")}
  case "\${words[CURRENT]}" in -*) ;; *) _files ;; esac
}

if [ "$funcstack[1]" = _weirgate ]; then _weirgate "$@"; else compdef _weirgate weirgate; fi
`;
