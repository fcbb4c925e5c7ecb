# Configuration, users and kernel settings of a release: reviewed, allowed by the policy, done inside of the service's own root, and never
# outside. What the operator changed follows the rule of each file, and comes back with its generation.
use packages
needs root unshare clamd
$ mkdir -p t/usr/bin t/etc && for f in /usr/bin/tail $(ldd /usr/bin/tail | grep -o '/[^ ]*'); do mkdir -p "t$(dirname $f)"; cp -L $f t$f; done
> printf 'plmn 00101\nband 3\ntac 1\n' >t/etc/mme.conf && printf 'zone a\n' >t/etc/zones.conf
> edited policy.json "p['pools'][0]['sysctls'] = ['net.core.somaxconn']" >p && mv p policy.json && clamd_here
$ package 1.0 t 1 --declare declared.json && verdict 1.0 && order 1.0 --sequence 1
> sallyport deploy review 1.0.order --policy policy.json --package 1.0.csar
stdout '! kernel setting: mme, net.core.somaxconn=4321'
stdout '! confinement exception: mme, io_uring'
stdout '! confinement exception: mme, ptrace'
stdout '! configuration: etc/mme.conf, three-way'
stdout '! configuration: etc/zones.conf, keep'
stdout '! user: mme, 4123:4123'
! stdout 'NOT ALLOWED'
$ sallyport inspect 1.0.csar
stdout 'net.core.somaxconn=4321'
$ host=$(cat /etc/passwd /proc/sys/net/core/somaxconn | sha256sum)
> sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null && installs 1.0
> for _ in $(seq 50); do if grep -q nologin node/log/mme.log; then break; fi; sleep 0.1; done; cat node/log/mme.log
> test "$(cat /etc/passwd /proc/sys/net/core/somaxconn | sha256sum)" = "$host"
stdout 'plmn 00101'
stdout 'zone a'
stdout 'mme:x:4123:4123::/:/usr/sbin/nologin'
stdout '4321'
$ sallyport node status --root node
stdout 'active/config/etc/mme.conf: default; at an upgrade: three-way'
stdout 'protections in force'
stdout 'not available: no-io_uring, no-ptrace'
$ grep -o 'allowed, as the release declares: [a-z_, ]*' node/run/mme.json
| allowed, as the release declares: io_uring, ptrace
# The operator changes both files; the service reads them at its next start, and the generation is what was signed.
$ sed -i 's/plmn .*/plmn 26201/' node/active/config/etc/mme.conf && echo 'zone mine' >node/active/config/etc/zones.conf
> sallyport node stop --root node >/dev/null && sallyport node start --root node >/dev/null
> for _ in $(seq 50); do if grep -q 'zone mine' node/log/mme.log; then break; fi; sleep 0.1; done
> grep -q 'plmn 26201' node/log/mme.log && sallyport node verify --root node >/dev/null && sallyport node status --root node --json
json .result.config[0].state "changed"
json .result.config[1].merge "keep"
# An upgrade carries the one change over and leaves the other file as it is.
$ sed -i 's/tac 1/tac 2/' t/etc/mme.conf && echo 'zone b' >t/etc/zones.conf && package 1.1 t 2 --declare declared.json
> verdict 1.1 && order 1.1 --sequence 2 && sallyport node install $(install_args 1.1)
stdout 'Configuration etc/mme.conf: merged; the default is active/tree/etc/mme.conf'
stdout 'Configuration etc/zones.conf: kept; the default is active/tree/etc/zones.conf'
$ cat node/active/config/etc/mme.conf node/active/config/etc/zones.conf node/active/tree/etc/zones.conf
| plmn 26201
| band 3
| tac 2
| zone mine
| zone b
$ sallyport node rollback --root node >/dev/null && cat node/active/config/etc/mme.conf
| plmn 26201
| band 3
| tac 1
$ sallyport node fsck --root node >/dev/null && sallyport node verify --root node >/dev/null
# Both changed one line: the old generation goes on, the operator decides, the same order finishes it.
$ sed -i 's/plmn .*/plmn 99999/' t/etc/mme.conf && package 1.2 t 3 --declare declared.json && verdict 1.2 && order 1.2 --sequence 3
> s=0; sallyport node install $(install_args 1.2) --json >out || s=$?; [ $s = 7 ] && cat out
json .error.code "config-conflict"
json .error.where "etc/mme.conf"
json .error.effect "the installation can be finished under the same order; generation 1 is active"
$ sallyport node status --root node --json
json .result.active.version "1.0"
json .result.services[0].state "running"
$ sed -i 's/plmn .*/plmn 99999/' node/active/config/etc/mme.conf && installs 1.2 && head -1 node/active/config/etc/mme.conf
| plmn 99999
$ sallyport node fsck --root node >/dev/null && sallyport node stop --root node >/dev/null
# What the policy does not list is shown as such and taken by no node.
$ sed 's/somaxconn/xfrm_acq_expires/' declared.json >asking.json && package 1.3 t 4 --declare asking.json && verdict 1.3
> order 1.3 --sequence 4 && clamd_gone && sallyport deploy review 1.3.order --policy policy.json --package 1.3.csar
stdout '! NOT ALLOWED by the policy, no node will take it: kernel setting of mme: net.core.xfrm_acq_expires'
$ refuses_install 4 sysctl-not-allowed 1.3
# What cannot be declared.
$ refused_build() { sallyport package build --from t --name demo --version 9 --product demo --counter 9 --declare "$1" -o 9.csar --json >out && return 1; grep -o '"code":"[a-z-]*"' out; }
> echo '{"config": [{"path": "../../etc/shadow", "merge": "keep"}]}' >d && refused_build d
> echo '{"config": [{"path": "usr/bin/tail", "merge": "keep"}]}' >d && refused_build d
> echo '{"users": [{"name": "root", "uid": 0, "gid": 0}], "groups": [{"name": "root", "gid": 0}]}' >d && refused_build d
> sed 's,net.core.somaxconn,net/../kernel.core_pattern,' declared.json >d && refused_build d
> echo '{"scripts": ["/bin/sh"]}' >d && refused_build d
> sed 's/"io_uring"/"everything"/' declared.json >d && refused_build d
| "code":"input-refused"
| "code":"input-refused"
| "code":"input-refused"
| "code":"input-refused"
| "code":"input-refused"
| "code":"input-refused"
-- declared.json --
{"services": [{"name": "mme", "argv": ["/usr/bin/tail", "-n", "+1", "-f", "/etc/mme.conf", "/etc/zones.conf", "/etc/passwd", "/proc/sys/net/core/somaxconn"],
  "uid": 4123, "gid": 4123, "capabilities": [], "network": "own", "ports": [], "state_folders": [], "health": [{"kind": "process"}],
  "start_seconds_max": 10, "sysctls": [{"name": "net.core.somaxconn", "value": "4321"}], "exceptions": ["ptrace", "io_uring"]}],
 "config": [{"path": "etc/zones.conf", "merge": "keep"}, {"path": "etc/mme.conf", "merge": "three-way"}],
 "users": [{"name": "mme", "uid": 4123, "gid": 4123}], "groups": [{"name": "mme", "gid": 4123}]}
