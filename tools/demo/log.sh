# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The demo's log and its witnesses: functions of tools/demo.sh.

cosign() { # cosign LOG: each witness sees that the log only grew since it looked last, and cosigns its checkpoint
  local witness
  for witness in witness-1 witness-2; do
    run sallyport log request --log "$1" -o "log-requests/$witness" || return
    run sallyport log witness "log-requests/$witness" --state "witnesses/$witness" --name "$witness.example" --key "file:keys/$witness.key" \
      --policy policy.json -o "log-requests/$witness.answer" || return
  done
  run sallyport log cosign log-requests/witness-1.answer log-requests/witness-2.answer --log "$1" --policy policy.json
}
logged() { # logged PACKAGE [ORDER]
  local order=orders/${2:-$1}.dsse
  run sallyport log append "packages/$1.csar" "verdicts/$1.dsse" "$order" --log log --key file:keys/log.key
  cosign log
  run sallyport log prove "$order" --log log -o "$order.proof"
}

# A copy of the log from its first day goes another way.
forked_log() {
  say "A log that shows another history: its witnesses do not cosign it …"
  run sallyport log append packages/mme-2.csar verdicts/mme-2.dsse orders/mme-2.dsse --log log-forked --key file:keys/log.key
  run sallyport log request --log log-forked --old 0 -o log-requests/forked
  refused witness-behind 7 sallyport log witness log-requests/forked --state witnesses/witness-1 --name witness-1.example --key file:keys/witness-1.key \
    --policy policy.json -o log-requests/forked.answer
  say "… and with new witnesses, who have seen nothing yet, the node remembers what it saw:"
  run sallyport deploy propose packages/mme-2.csar --verdict verdicts/mme-2.dsse --policy policy.json --pool mme-north --as alice --key file:keys/alice.key \
    --reason 'once more' -o orders/mme-again.dsse
  approve mme-again bob
  approve mme-again carol
  run sallyport log append orders/mme-again.dsse --log log-forked --key file:keys/log.key
  for witness in witness-1 witness-2; do
    sallyport log request --log log-forked --old 0 -o log-requests/forked >/dev/null
    sallyport log witness log-requests/forked --state "witnesses/new-$witness" --name "$witness.example" --key "file:keys/$witness.key" \
      --policy policy.json -o "log-requests/$witness.answer" >/dev/null
  done
  run sallyport log cosign log-requests/witness-1.answer log-requests/witness-2.answer --log log-forked --policy policy.json
  run sallyport log prove orders/mme-again.dsse --log log-forked -o orders/mme-again.dsse.proof
  try log-shrunk 7 packages/mme-2.csar verdicts/mme-2.dsse orders/mme-again.dsse
}
