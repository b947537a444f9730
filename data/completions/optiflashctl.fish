# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of optiflashctl for fish. It asks the program what may come next: no verb and no option stands
# here. Lines of "optiflashctl --complete WORD..." are WORD, a tabulator, and what it is; ":file" and
# ":folder" are fish's own to complete.

function __optiflashctl_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $typed[1])
    # the lead of "--option=FILE" stays before each name
    set -l lead (string match -r -- '^--[^=]*=' $current)
    set -l rest (string replace -r -- '^--[^=]*=' '' $current)

    for line in ($program --complete $typed[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':file'
                for name in (__fish_complete_path "$rest" | string replace -r '\t.*' '')
                    echo "$lead$name"
                end
            case ':folder'
                for name in (__fish_complete_directories "$rest" '' | string replace -r '\t.*' '')
                    echo "$lead$name"
                end
            case '*'
                echo $line
        end
    end
end

complete -c optiflashctl -f -a '(__optiflashctl_complete)'
