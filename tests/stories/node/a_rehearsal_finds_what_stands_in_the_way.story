# What the installation would refuse, its rehearsal refuses: changes of the operator and of the release in the same place.
use packages
needs root
needs clamd
$ cp -r tree next && cat >tree/etc/demo.conf <<<'greeting=hello' && printf 'greeting=ahoy\nx=1\n' >next/etc/demo.conf
> cat >declared.json <<<'{"config": [{"path": "etc/demo.conf", "merge": "three-way"}]}' && rm ./*.csar
> package 1.0 tree 1 --declare declared.json && package 1.1 next 2 --declare declared.json
> clamd_here && verdict 1.0 && verdict 1.1 && clamd_gone && order 1.0 --sequence 1 && order 1.1 --sequence 2
> sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null && installs 1.0
> rehearses node install $(install_args 1.1) >/dev/null
$ echo 'greeting=mine' >node/active/config/etc/demo.conf && refuses 7 config-conflict node install $(install_args 1.1) --dry-run
> grep -o 'lines 1 to 2 of the new default[^"]*' refusal.json && grep -o 'line 1 changed here[^"]*' refusal.json
| lines 1 to 2 of the new default); the new default is etc/demo.conf of the package
| line 1 changed here as well, in generations/1/config/etc/demo.conf: put the release's lines there as they are, own lines before or behind them, or own lines after the upgrade
# The release's lines as they are and an own one behind them: nothing stands in the way any more.
$ printf 'greeting=ahoy\nx=1\ny=2\n' >node/active/config/etc/demo.conf && sallyport node install $(install_args 1.1) --dry-run
stdout 'Configuration etc/demo.conf: merged'
$ installs 1.1 && cat node/active/config/etc/demo.conf
| greeting=ahoy
| x=1
| y=2
# Where no gate enforces, none of the ways past it can be tried, and that is said.
$ sallyport node gate observe --root node >/dev/null && sallyport node gate enforce --root node --dry-run
stdout "Would set the gate's mode to enforce; it is observe."
stdout 'No gate runs; nothing would be tried.'
