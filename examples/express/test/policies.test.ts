// What the policy does not permit is not booked.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { Policy, Thalium } from 'thalium'
import { C42, OPERATOR, Service } from '../harness/service.js'

let service: Service
beforeEach(() => void (service = new Service()))
afterEach(() => service.stop())

const withdraw = (key: string, amount: string) =>
  service.ask('POST', '/withdrawals', { token: C42, key, body: { account: 'c42:ZAR', amount } })

test('the tests of the policy pass', async () => {
  const policy = await Policy.open(join(__dirname, '..', '..', 'policies'))
  const { passed, failed, tests } = await policy.test()
  assert.deepEqual([failed, passed], [0, tests.length], JSON.stringify(tests))
  assert.equal(policy.decide('withdrawals/verdict', { customer: 'c42', asset: 'XXL', amount: '1.00' }).outcome, 'deny')
})

test('a large withdrawal is for a person to decide, and a larger one is denied', async () => {
  await service.start()
  await service.prepare()
  const body = { account: 'c42:ZAR', amount: '2000000.00 ZAR' }
  assert.equal((await service.ask('POST', '/deposits', { token: OPERATOR, key: 'rich', body })).status, 201)
  for (const [amount, type, limit] of [['1000000.01 ZAR', 'denied', '1000000 ZAR'], ['100000.00 ZAR', 'review', '100000 ZAR']] as const) {
    const told = await withdraw('payout', amount)
    assert.deepEqual([told.status, told.body.type], [403, `/docs#${type}`])
    assert.deepEqual(told.body.reasons.map((one: { facts: unknown }) => one.facts), [[{ name: 'limit', value: limit }]])
  }
  // The key is unused.
  assert.equal((await withdraw('payout', '99999.99 ZAR')).status, 201)
  assert.equal((await withdraw('payout', '99999.99 ZAR')).status, 200)
  assert.equal((await service.ask('GET', '/accounts/c42:ZAR', { token: C42 })).body.available, '1900250.01 ZAR')
  // Each of these is on record, with who asked.
  await service.running.end('SIGTERM')
  await using ledger = await Thalium.open(`file:${service.data}`, { readOnly: true })
  const { decisions } = await ledger.listDecisions({ concerns: 'wd/c42/payout', path: 'withdrawals/verdict' })
  assert.deepEqual(decisions.map(({ outcome, requested_by }) => [outcome, requested_by]), [
    ['deny', 'c42'], ['review', 'c42'], ['allow', 'c42'], ['allow', 'c42'],
  ])
  assert.deepEqual(decisions[0]?.input, { customer: 'c42', asset: 'ZAR', amount: '1000000.01' })
})

test('a policy that comes to no decision permits nothing', async () => {
  const bundle = join(service.folder, 'policies')
  mkdirSync(bundle)
  writeFileSync(join(bundle, 'a.rego'), 'package withdrawals\n\nverdict := {"outcome": "allow"}\n\nverdict := {"outcome": "deny"}\n')
  await service.start(['--policies', bundle])
  await service.prepare()
  const told = await withdraw('payout', '1.00 ZAR')
  assert.deepEqual([told.status, told.body.type, told.headers.get('retry-after')], [503, '/docs#undecided', '1'])
  assert.equal((await service.ask('GET', '/accounts/c42:ZAR', { token: C42 })).body.available, '250.00 ZAR')
  writeFileSync(join(bundle, 'a.rego'), 'package withdrawals\n\nverdict :=\n')
  await service.running.end('SIGTERM')
  await assert.rejects(service.start(['--policies', bundle]), /ended before it listened/)
})
