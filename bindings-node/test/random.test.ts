// Whatever is sent, what comes back is an answer or a documented error.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Thalium, ThaliumError, codes, operations } from 'thalium'

// Each run sends this many payloads: what is made up costs more than what is sent.
const PAYLOADS = 20
const RUNS = process.env.THALIUM_TEST_TIER === 'full' ? 5_000 : 250

const keys = fc.oneof(fc.constantFrom('bank', 'c1', 'c2', 'h1', 'p1', 'nobody', '', '1', '0', '340282366920938463463374607431768211455', 'k'.repeat(300)), fc.string({ maxLength: 12 }))
const amounts = fc.oneof(fc.constantFrom('1', '1.00 ZAR', '0', 'max', '-1', '1e3', '0.001', '340282366920938463463374607431768211455', '1 XXL', '1 BTC'), fc.string({ maxLength: 8 }))
const instants = fc.constantFrom('2026-01-31', '2026-01-31T09:30:00Z', '0', '-1', '9223372036854775807', 'noon')
const flags = fc.array(fc.constantFrom('linked', 'pending', 'post_pending', 'void_pending', 'balancing_debit', 'closing_credit', 'imported', 'history', 'nonsense'), { maxLength: 3 })
const fields: Record<string, fc.Arbitrary<unknown>> = {
  key: keys, id: keys, from: keys, to: keys, hold: keys, pending: keys, account: keys, name: keys, under: keys, parent: keys, amount: amounts,
  asset: fc.constantFrom('ZAR', 'BTC', 'XXL', '', 'zar'), code: fc.integer({ min: -1, max: 70_000 }), scale: fc.integer({ min: -1, max: 300 }),
  kind: fc.constantFrom('asset', 'liability', 'crypto', 'nonsense'), flags, timeout: fc.integer({ min: -1, max: 2 ** 31 }), linked: fc.boolean(),
  timestamp: instants, at: instants, effective_date: instants, limit: fc.integer({ min: -1, max: 20_000 }), after: fc.integer({ min: -1 }),
  newest_first: fc.boolean(), side: fc.constantFrom('debit', 'credit', 'both'), metadata: fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }), { maxKeys: 2 }),
  legs: fc.array(fc.record({ account: keys, side: fc.constantFrom('debit', 'credit'), amount: amounts }), { maxLength: 3 }), overdraft: fc.boolean(),
  ledger: fc.integer(), user_data_64: fc.integer(), all: fc.boolean(),
}
const junk = fc.jsonValue({ maxDepth: 2 })
const some = fc.record(fields, { requiredKeys: [] })
const command = fc.tuple(fc.constantFrom('asset', 'account', 'post', 'hold', 'capture', 'release', 'transaction', 'transfer', 'nonsense'), some).map(([op, rest]) => ({ ...rest, op }))
const question = fc.tuple(fc.constantFrom(...[...operations().keys()].filter((name) => name !== 'drain')), some).map(([op, rest]) => ({ ...rest, op }))
const submit = fc.record({ op: fc.constant('submit'), commands: fc.array(fc.oneof({ weight: 4, arbitrary: command as fc.Arbitrary<unknown> }, junk), { maxLength: 4 }), now: fc.oneof(instants, junk) }, { requiredKeys: ['op', 'commands'] })
const payload = fc.oneof(submit, question, junk, fc.string())

test('only answers and documented errors', async () => {
  const known = codes()
  await fc.assert(fc.asyncProperty(fc.array(payload, { minLength: PAYLOADS, maxLength: PAYLOADS }), async (payloads) => {
    await using t = Thalium.memory()
    for (const key of ['bank', 'c1']) await t.accounts.create({ key, asset: 'ZAR', kind: 'asset' })
    await Promise.all(payloads.map(async (one) => {
      try {
        await (t as unknown as { ask(request: string): Promise<unknown> }).ask(typeof one === 'string' ? one : JSON.stringify(one))
      } catch (error) {
        assert.ok(error instanceof ThaliumError, String(error))
        assert.ok(known.has(error.code) && !['stopped', 'panicked', 'damaged'].includes(error.code), error.message)
      }
    }))
    assert.ok((await t.check()).stateHash)
  }), { numRuns: RUNS })
})
