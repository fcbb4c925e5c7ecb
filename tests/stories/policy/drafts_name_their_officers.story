# A draft says who may change it later, and that nobody can where it names none.
use packages
$ cat >lib <<'TEXT'
> draft() { sallyport policy init --name X --source acme:demo:acme-ca.pem --person alice:operations:alice.key.pub \
>   --person bob:security:bob.key.pub --person carol:operations:carol.key.pub --intake intake-1:intake.key.pub \
>   --pool p:demo:n --approvals 1 "$@"; }
> TEXT
$ . ./lib && draft --officers operations,security --threshold 2 -o with.json && sallyport policy show with.json
stdout 'officers     2 of operations or security'
stdout 'Next: read it, then pin it on a node'
! stdout 'cannot be changed'
$ . ./lib && draft -o without.json
stdout 'none: this policy cannot be changed'
stdout 'Next: give it officers before a node gets it'
$ . ./lib && draft --officers operations -o more.json --threshold 3
[exit 4]
stderr 'officers.persons'
$ . ./lib && draft --threshold 2 -o none.json
[exit 2]
stderr '--officers'
