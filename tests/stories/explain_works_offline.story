# Every code that a message, a log line or a report shows can be looked up without a network.
$ sallyport explain order-replayed
stdout 'The order was used on this node before.'
stdout 'refused: the evidence says no'
stdout 'What to do: An order counts once; propose a new one.'
$ sallyport --json explain order-replayed
json .ok true
json .result.code "order-replayed"
json .result.kind "refused"
json .result.exit 7
$ sallyport explain disk-full --json
json .result.kind "fault"
json .result.exit 1
