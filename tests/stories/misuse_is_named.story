# A command that is not understood exits 2, says on stderr what was expected, and prints nothing as a result.
$ sallyport explain order-replaced
[exit 2]
stderr 'perhaps order-replayed'
$ sallyport explain order-replaced | cat
[exit 2]
$ sallyport explain order-replaced 2>/dev/null || true
! stdout 'order'
$ sallyport explain
[exit 2]
stderr 'sallyport explain CODE'
$ sallyport expain order-replayed
[exit 2]
stderr 'usage-error'
$ sallyport explain order-replayed --fast --json
[exit 2]
json .ok false
json .error.code "usage-error"
json .error.kind "fault"
json .error.exit 2
