// SPDX-License-Identifier: Apache-2.0
// The report's page (Mustache; every {{value}} is escaped for HTML). Verdicts are words first, colours second.
#pragma once

#include <string_view>

namespace sallyport::auditor {

inline constexpr std::string_view report_page = R"HTML(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Software package integrity: evidence for node {{node}}</title>
<style>
:root { color-scheme: light; --ink: #1b2430; --soft: #5b6776; --line: #d9dfe6; --paper: #fff; --wash: #f5f7f9; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; color: var(--ink); background: var(--wash); margin: 0; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; background: var(--paper); min-height: 100vh; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; } h2 { font-size: 1.15rem; margin: 2.4rem 0 .4rem; }
h3 { font-size: 1rem; margin: 0; font-weight: 600; } p { margin: .3rem 0 .8rem; }
.soft { color: var(--soft); } .mono { font: .82rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1rem; } th, td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0;
border-bottom: 1px solid var(--line); } th { font-size: .78rem; color: var(--soft); font-weight: 600; } td.n { text-align: right; }
.word { font: 700 .74rem/1 system-ui, sans-serif; letter-spacing: .04em; padding: .28rem .5rem; border-radius: .25rem; border: 1px solid; white-space: nowrap; }
.pass { color: #0b5b33; background: #e7f5ec; border-color: #9fd3b4; } .fail { color: #8c1515; background: #fdeaea; border-color: #eda9a9; }
.not-run { color: #6a5300; background: #fdf6dd; border-color: #e2cd83; }
section.test { border: 1px solid var(--line); border-radius: .4rem; padding: .9rem 1rem; margin: .8rem 0; break-inside: avoid; }
section.test header { display: flex; gap: .8rem; align-items: baseline; justify-content: space-between; }
dl { display: grid; grid-template-columns: 7.5rem 1fr; gap: .25rem .8rem; margin: .7rem 0 0; } dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; }
ol { margin: 0; padding-left: 1.2rem; } .sum { display: flex; gap: 2rem; margin: 1rem 0; } .sum b { display: block; font-size: 1.6rem; line-height: 1.1; }
@media print { body { background: #fff; font-size: 11pt; } main { padding: 0; max-width: none; } }
</style></head><body><main>
<h1>Software package integrity and anti-virus: evidence</h1>
<p class="soft">Node {{node}}, tested {{time}} with Sallyport {{build}}</p>
<div class="sum"><div><b>{{passed}}</b>passed</div><div><b>{{failed}}</b>failed</div><div><b>{{not_run}}</b>not run</div></div>
<h2>Result by requirement</h2>
<table><thead><tr><th>Requirement</th><th></th><th>Passed</th><th>Failed</th><th>Not run</th><th>Verdict</th></tr></thead><tbody>
{{#requirements}}<tr><td><a href="#{{id}}">{{id}}</a></td><td>{{text}}</td><td class="n">{{pass}}</td><td class="n">{{fail}}</td><td class="n">{{not_run}}</td>
<td><span class="word {{class}}">{{verdict}}</span></td></tr>
{{/requirements}}</tbody></table>
<h2>What was tested</h2>
<dl><dt>Packages</dt><dd>{{#packages}}<div>{{name}}<br><span class="mono">sha256 {{digest}}</span></div>{{/packages}}</dd>
<dt>Policy</dt><dd>version {{policy_version}}<br><span class="mono">sha256 {{policy}}</span></dd>
<dt>Transparency log</dt><dd>{{log}}</dd>
<dt>Revocation lists</dt><dd>{{#lists}}<div>{{line}}</div>{{/lists}}{{#no_lists}}none is known to the node{{/no_lists}}</dd>
{{#has_ending}}<dt>Algorithms that end</dt><dd>{{#ending}}<div>{{line}}</div>{{/ending}}</dd>
{{/has_ending}}<dt>Revocations</dt><dd>{{#revocation}}<div>{{line}}</div>{{/revocation}}</dd>
<dt>Event log</dt><dd>{{events}} events<br><span class="mono">tree {{events_root}}</span></dd>
<dt>Enforcement</dt><dd>{{gate}}</dd>
<dt>Evidence</dt><dd class="mono">evidence.json sha256 {{digest}}<br>signed by key {{signer}}</dd></dl>
<h2>Ways past the gate on this host</h2>
<p>Mode of the gate: {{gate_mode}}. Each known way that can be tried was tried with harmless programs, or says that it was not.</p>
<table><thead><tr><th>Way</th><th>State</th><th></th><th>Policy</th></tr></thead><tbody>
{{#ways}}<tr><td class="mono">{{way}}</td><td><span class="word {{class}}">{{state}}</span></td><td>{{detail}}</td><td>{{wanted}}</td></tr>
{{/ways}}</tbody></table>
<h2>How it works</h2>
<p>A vendor signs the package manifest with an X.509 code-signing certificate (CMS, ETSI SOL004 option 1); the manifest lists a digest of every member,
and the package's file tree a digest of every file. Intake verifies the signature against the operator's list of authorised sources, scans every
content for malware and signs a verdict. Persons of the operator sign an order that names exactly this package, this verdict, these nodes and this window; the
proposer does not count, and one person counts once. The node verifies all three by itself before it writes anything, digests every
file again at installation and at every start, and switches generations atomically. It keeps the list of authorised sources, which only root can replace.</p>
{{#requirements}}<h2 id="{{id}}">{{id}} <span class="word {{class}}">{{verdict}}</span></h2><p>{{text}}</p>
{{#tests}}<section class="test"><header><h3>{{title}}</h3><span class="word {{class}}">{{verdict}}</span></header>
<dl><dt>Test</dt><dd class="mono">{{test}}</dd>
{{#ran}}<dt>Steps</dt><dd><ol class="mono">{{#steps}}<li>{{line}}</li>{{/steps}}</ol></dd>
<dt>Expected</dt><dd>{{expected}}</dd><dt>Observed</dt><dd>{{observed}}</dd>
<dt>Inputs</dt><dd>{{#inputs}}<div>{{name}} <span class="mono">sha256 {{digest}}</span></div>{{/inputs}}</dd>
<dt>Record</dt><dd class="mono">{{transcript}} {{time}}</dd>{{/ran}}
{{#has_reason}}<dt>Reason</dt><dd>{{reason}}</dd>{{/has_reason}}</dl></section>
{{/tests}}{{/requirements}}
<h2>Limits of this evidence</h2>
<p>Not covered: exploits of the kernel, a vendor that signs malware which no scanner knows, and physical access without measured boot. Root on the node can
stop the service confinement named above. A test that did not run says so and counts for nothing.</p>
</main></body></html>
)HTML";

}  // namespace sallyport::auditor
