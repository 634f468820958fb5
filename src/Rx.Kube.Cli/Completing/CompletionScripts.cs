namespace Rx.Kube.Cli.Completing;

/// <summary>Holds the scripts that connect shells to <see cref="Suggestions"/>.</summary>
internal static class CompletionScripts
{
    /// <summary>Gets the script of each shell, by its name.</summary>
    public static IReadOnlyDictionary<string, string> ByShell { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["powershell"] = PowerShell,
    };

    // Bash divides words at '=' and ':': only what follows them is replaced. Without an answer, the names of files complete the word.
    private const string Bash = """
        # Completion of rxkube for bash. Install it for every session:
        #   echo 'source <(rxkube completion bash)' >> ~/.bashrc
        _rxkube() {
            local line="${COMP_LINE:0:COMP_POINT}" reply
            local word="${line##*[[:space:]]}"
            local value="${word#*=}"
            COMPREPLY=()
            while IFS= read -r reply; do
                [[ -n $reply ]] || continue
                [[ $word == *=* ]] && reply="${reply#*=}"
                [[ $word == *:* ]] && reply="${reply#"${value%:*}:"}"
                COMPREPLY+=("$reply")
                [[ $reply == *= ]] && compopt -o nospace 2>/dev/null
            done < <(rxkube "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _rxkube rxkube
        """;

    private const string Zsh = """
        #compdef rxkube
        # Completion of rxkube for zsh. Install it for every session:
        #   echo 'source <(rxkube completion zsh)' >> ~/.zshrc
        # or write it to a file _rxkube in a folder of $fpath. Both need: autoload -U compinit; compinit
        _rxkube() {
            local line="${words[1,CURRENT-1]} $PREFIX"
            local -a replies open
            replies=("${(@f)$(rxkube "[suggest:${#line}]" "$line" 2>/dev/null)}")
            replies=(${replies:#})
            open=(${(M)replies:#*=})
            replies=(${replies:#*=})
            if (( ${#replies} + ${#open} )); then
                compadd -a replies
                compadd -S '' -a open
            else
                _files
            fi
        }
        if [ "$funcstack[1]" = "_rxkube" ]; then
            _rxkube
        else
            compdef _rxkube rxkube
        fi
        """;

    private const string Fish = """
        # Completion of rxkube for fish. Install it for every session:
        #   rxkube completion fish > ~/.config/fish/completions/rxkube.fish
        function __rxkube_complete
            set -l line (commandline -cp)
            set -l replies (rxkube "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            if test (count $replies) -gt 0
                printf '%s\n' $replies
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c rxkube -f -a '(__rxkube_complete)'
        """;

    private const string PowerShell = """
        # Completion of rxkube for PowerShell. Install it for every session:
        #   Add-Content $PROFILE 'rxkube completion powershell | Out-String | Invoke-Expression'
        Register-ArgumentCompleter -Native -CommandName rxkube -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $at = $cursorPosition - $commandAst.Extent.StartOffset
            $line = $commandAst.ToString().PadRight($at).Substring(0, $at)
            rxkube "[suggest:$at]" "$line" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;
}
