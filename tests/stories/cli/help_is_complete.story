# Every command has help with examples, options and exit codes; help goes to stdout, misuse to stderr, never the other way.
$ sallyport --help
stdout 'Usage: sallyport COMMAND'
$ sallyport help node install | head -n 1
| Verify a package, its verdict and its order, and install it
$ sallyport --help | sed -n 's/^  \([a-z]* [a-z-][a-z -]*[a-z]\)   .*/\1/p; s/^  \([a-z]*\)    .*/\1/p' >commands
> test "$(wc -l <commands)" -ge 30
> while read -r command; do
>   sallyport $command --help >help.txt 2>help.err
>   for part in 'Usage' "  sallyport $command" 'Exit codes:'; do
>     grep -q -e "$part" help.txt || echo "$command --help lacks $part"
>   done
>   test ! -s help.err
>   if grep -q 'o FILE' help.txt && grep -q -e '--o ' help.txt; then echo "$command: --o"; fi
> done <commands
! stdout 'lacks'
! stdout '--o'
$ sallyport --version && sallyport version --json
stdout '"version":'
# It fits a screen, and says of each option once whether it may be repeated.
$ sallyport package build --help >help.txt && sed -n '/^Usage/,/^$/p' help.txt | awk 'length > 100' | wc -l && grep -c 'may be repeated)' help.txt
> grep 'several times' help.txt || echo once
| 0
| 6
| once
$ sallyport policy init --help | grep -c '(required, may be repeated)'
| 4
$ sallyport --help | grep -n 'intake exception propose   *[A-Z]' | wc -l
| 1
