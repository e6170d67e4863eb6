// Decides about plain objects by twelve rules, to a verdict; prints microseconds each. For `cargo xtask bench languages`.
import { readFileSync } from 'node:fs'
import { Policy } from '../../bindings-node/index.mjs'

const decisions = Number(process.argv[3])
const policy = Policy.of({
  'access.rego': readFileSync(new URL('access.rego', import.meta.url), 'utf8'),
  'gate.rego': 'package gate\n\ndefault verdict := {"outcome": "deny"}\n\nverdict := {"outcome": "allow"} if data.access.allow\n',
  'data.json': { sanctions: ['IR', 'KP', 'SY'] },
})
// What the users of `bench policy` ask.
const inputs = Array.from({ length: 1_000 }, (_, n) => {
  const of = (...all) => all[n % all.length]
  return {
    method: of('POST', 'GET', 'POST'),
    path: ['transfers', String(n)],
    amount: n * 7 + 0.25,
    country: of('ZA', 'DE', 'KP', 'US', 'GB', 'KE', 'NG'),
    user: {
      id: `u${n}`,
      role: of('trader', 'support', 'admin', 'trader'),
      level: of('L1', 'L2', 'L3', 'L2', 'L1'),
      suspended: n % 11 === 0,
    },
  }
})
const decide = (count) => {
  let allowed = 0
  for (let n = 0; n < count; n++) allowed += policy.decide('gate/verdict', inputs[n % inputs.length]).outcome === 'allow' ? 1 : 0
  return allowed
}
const allowed = decide(inputs.length)
const begun = performance.now()
const told = decide(decisions)
const took = performance.now() - begun
if (told !== allowed * (decisions / inputs.length)) throw new Error(`${told} of ${decisions} are allowed`)
console.log((took / decisions) * 1e3)
