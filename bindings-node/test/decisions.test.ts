// Decisions on record, in the hands of a Node programmer.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  type Decision, InvalidError, Money, Policy, PolicyError, ReadOnlyError, Thalium, ThaliumError, Timestamp, UndecidedError, commands,
} from 'thalium'

const NOW = '2026-01-03T10:00:00Z'
const RULES = `package aml

default verdict := {"outcome": "allow"}

verdict := {"outcome": "review", "reasons": [reason]} if input.cents >= data.aml.large

reason := {"code": 12001, "rule": "aml/large", "audience": "officer", "severity": "high", "message": "A large amount."}

clash := 1 if input.cents
clash := 2 if input.cents

huge := {"outcome": "allow", "obligations": [{"type": "hold", "seconds": 9007199254740993}]}
`
const bundle = (large: number, revision = '1'): Record<string, string | object> =>
  ({ '.manifest': JSON.stringify({ revision }), 'aml/aml.rego': RULES, 'aml/data.json': { large } })

async function open(large = 1_000): Promise<Thalium> {
  const t = Thalium.memory({ insecureSeed: '07'.repeat(32), actor: 'api' })
  await t.loadPolicy(bundle(large), { now: NOW })
  return t
}

async function all(decisions: AsyncIterable<Decision>): Promise<Decision[]> {
  const found: Decision[] = []
  for await (const one of decisions) found.push(one)
  return found
}

test('a decision is on record', async () => {
  await using t = await open()
  const id = '0192e4a0-0000-7000-8000-000000000001'
  const told = await t.decide('aml/verdict', { cents: 5_000n }, { now: NOW, concerns: 'w-17', requestId: 'r-1', decisionId: id })
  assert.deepEqual([told.decisionId, told.verdict.outcome, told.verdict.reasons[0]?.code], [id, 'review', 12001])
  assert.ok(Object.isFrozen(told) && Object.isFrozen(told.verdict))
  const { decisions, next } = await t.listDecisions()
  assert.equal(next, undefined)
  const [{ bundles, ...decision }] = decisions as [Decision]
  assert.match(bundles.policy!.digest, /^[0-9a-f]{64}$/)
  assert.equal(bundles.policy!.revision, '1')
  assert.deepEqual({ ...decision, result: undefined }, {
    decision_id: id, timestamp: '2026-01-03T10:00:00.000000000Z', path: 'aml/verdict', number: 0, outcome: 'review', input: { cents: 5000 },
    requested_by: 'api', req_id: 'r-1', concerns: 'w-17', result: undefined,
  })
  assert.equal((decision.result as { reasons: { message: string }[] }).reasons[0]?.message, 'A large amount.')
  assert.deepEqual((await t.decide('aml/verdict')).verdict.outcome, 'allow')
})

test('numbers are exact both ways', async () => {
  await using t = await open()
  const input = {
    cents: 2n ** 127n, less: -(2n ** 53n), most: 2 ** 53 - 1, list: [0.1, 19.99, 1e-7, 123456789012.345, 2n ** 64n], deep: { id: 9007199254740993n },
    money: Money.of('250.00', 'ZAR'), at: Timestamp.parse(NOW), text: '9007199254740993', quoted: 'a " 9007199254740993 \\', 'odd "name" 9007199254740993': 1,
  }
  await t.decide('aml/verdict', input)
  const [{ input: told }] = (await t.listDecisions()).decisions as [Decision]
  assert.deepEqual(told, { ...input, money: '250.00 ZAR', at: '2026-01-03T10:00:00.000000000Z' })
  // What takes the place of something, too.
  const masks = [{ op: 'upsert', path: '/input/cents', value: { was: 2n ** 80n, share: 0.25 } }, '/input/list', { op: 'remove', path: '/input/deep/id' }] as const
  const [masked] = (await t.listDecisions({ masks })).decisions as [Decision]
  const { cents, list, deep } = masked.input as Record<string, unknown>
  assert.deepEqual([cents, list, deep], [{ was: 2n ** 80n, share: 0.25 }, undefined, {}])
  assert.deepEqual([masked.erased, masked.masked], [['/input/list', '/input/deep/id'], ['/input/cents']])
  for (const value of [NaN, Infinity, 2 ** 53, 0.1 + 0.2]) {
    await assert.rejects(t.decide('aml/verdict', { cents: value }), { name: 'RangeError', message: /^input\.cents: / })
    await assert.rejects(t.listDecisions({ masks: [{ op: 'upsert', path: '/input/n', value }] }), { name: 'RangeError', message: /^masks\[0\]\.value: / })
  }
  assert.equal((await t.listDecisions()).decisions.length, 1)
})

test('a number that JavaScript cannot hold is refused, and can be left out', async () => {
  await using t = await open()
  await t.decide('aml/verdict', { cents: 1 })
  // As another language writes it.
  const ask = (t as unknown as { ask: (request: string) => Promise<unknown> }).ask.bind(t)
  await ask('{"op":"decide_on_record","path":"aml/verdict","input":{"cents":0.10000000000000000001,"big":1e30}}')
  await assert.rejects(t.listDecisions(), { name: 'UndecidedError', code: 'undecided', message: /a decision holds (0\.10000000000000000001|1e\+?30).*masks/ })
  const { decisions } = await t.listDecisions({ masks: ['/input/cents', '/input/big'] })
  assert.deepEqual(decisions.map(({ input }) => input), [{}, {}])
})

test('what comes to no verdict is an error, no permission, and on record', async () => {
  await using t = await open()
  const cases: [() => Promise<unknown>, typeof ThaliumError, string, string | undefined][] = [
    [() => t.decide('aml/clash', { cents: 1 }), UndecidedError, 'undecided', undefined],
    [() => t.decide('aml/huge', { cents: 1 }), UndecidedError, 'undecided', undefined],
    [() => t.decide('aml/verdikt'), InvalidError, 'invalid', 'path'],
    [() => t.decide('aml/verdict', {}, { policy: 'other' }), InvalidError, 'invalid', 'policy'],
    [() => t.decide('aml/verdict', {}, { subject: 'nobody' }), InvalidError, 'invalid', 'subject'],
    [() => t.decide('aml/verdict', {}, { retention: 'aml' }), InvalidError, 'invalid', 'retention'],
    [() => t.decide('aml/verdict', {}, { decisionId: 'x' }), InvalidError, 'invalid', 'decision_id'],
    [() => t.decide('aml/verdict', {}, { now: 'noon' }), InvalidError, 'invalid', 'now'],
    [() => t.decide('aml/verdict', {}, { concenrs: 'w-17' } as never), InvalidError, 'invalid', undefined],
  ]
  for (const [call, kind, code, field] of cases) {
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof kind, String(error))
      assert.deepEqual([error.code, error.field], [code, field], error.message)
      assert.match(error.message, /no permission: deny$/)
      return true
    })
  }
  for (const path of [undefined, 5, null]) await assert.rejects(t.decide(path as never), TypeError)
  for (const value of [new Map(), Promise.resolve({}), () => 1, Buffer.from('x')]) await assert.rejects(t.decide('aml/verdict', { value }), TypeError)
  await assert.rejects(t.decide('aml/verdict', {}, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  // What was asked for in vain is told; what was refused before it was decided is not.
  const { decisions } = await t.listDecisions()
  assert.deepEqual(decisions.map(({ path, outcome, error }) => [path, outcome, error?.code]), [['aml/clash', undefined, 'undecided'], ['aml/huge', 'allow', undefined]])
  await t.drain()
  await assert.rejects(t.decide('aml/verdict'), { name: ReadOnlyError.name, code: 'draining', message: /no permission: deny$/ })
})

test('what is sealed is opened for a reason, and forgotten', async () => {
  await using t = await open()
  const registered = await t.parties.register({ key: 'zodwa', kind: 'person' }, { now: NOW })
  await t.submit([commands.defineRetention({ name: 'aml', years: 5, law: 'AML law' })], { now: NOW })
  await t.decide('aml/verdict', { cents: 700n }, { now: NOW, subject: 'zodwa', retention: 'aml' })
  await t.decide('aml/verdict', { cents: 2n ** 60n }, { now: NOW, subject: registered })
  const sealed = (await t.listDecisions({ subject: 'zodwa' })).decisions
  assert.deepEqual(sealed.map(({ sealed, input, result, outcome, retention, subject }) => [sealed, input, result, outcome, retention, subject]), [
    [true, undefined, undefined, 'allow', 'aml', registered.id], [true, undefined, undefined, 'review', undefined, registered.id],
  ])
  const opened = await all(t.decisions({ subject: registered, open: { why: 'complaint 12', actor: 'officer', now: new Date('2026-01-08T10:00:00Z') } }))
  assert.deepEqual(opened.map(({ input, sealed }) => [input, sealed]), [[{ cents: 700 }, undefined], [{ cents: 2n ** 60n }, undefined]])
  await t.parties.grantAccess({ actor: 'auditor', until: '2200-01-01T00:00:00Z' }, { now: NOW })
  const { entries } = await t.parties.accessLog({ party: 'zodwa', actor: 'auditor' })
  assert.deepEqual(entries.map(({ why, actor }) => [why, actor]), [['complaint 12', 'officer']])
  await assert.rejects(t.listDecisions({ open: { why: '' } }), { code: 'invalid', field: 'why' })
  await assert.rejects(t.listDecisions({ open: 'complaint 12' as never }), (error) => error instanceof TypeError || error instanceof InvalidError)
  await t.parties.forget('zodwa', { scope: 'consent', now: '2026-01-09T10:00:00Z' })
  const gone = await all(t.decisions({ open: { why: 'audit', now: '2026-01-10T10:00:00Z' } }))
  assert.deepEqual(gone.map(({ subject_forgotten, input }) => [subject_forgotten, input]), [[undefined, { cents: 700 }], [true, undefined]])
  await assert.rejects(t.decide('aml/verdict', {}, { subject: 'zodwa' }), { code: 'invalid', field: 'subject', message: /no permission/ })
})

test('decisions are found, page after page', async () => {
  await using t = await open()
  for (let day = 1; day <= 5; day++) await t.decide('aml/verdict', { cents: day * 300 }, { now: `2026-02-0${day}T10:00:00Z`, concerns: `w-${day % 2}` })
  const numbers = async (asked: Parameters<Thalium['listDecisions']>[0]): Promise<number[]> => (await t.listDecisions(asked)).decisions.map(({ number }) => number)
  assert.deepEqual(await numbers({ outcome: 'review' }), [3, 4])
  assert.deepEqual(await numbers({ concerns: 'w-0' }), [1, 3])
  assert.deepEqual(await numbers({ from: '2026-02-02', until: '2026-02-03' }), [1, 2])
  assert.deepEqual(await numbers({ from: new Date('2026-02-02T10:00:00Z'), until: Timestamp.parse('2026-02-03T10:00:00Z') }), [1])
  const page = await t.listDecisions({ limit: 2, after: 0 })
  assert.deepEqual([page.decisions.map(({ number }) => number), page.next], [[1, 2], 2])
  assert.deepEqual(await numbers({ decisionId: page.decisions[0]!.decision_id }), [1])
  assert.deepEqual((await all(t.decisions())).map(({ number }) => number), [0, 1, 2, 3, 4])
  assert.deepEqual((await all(t.decisions({ after: 1, limit: 2, path: 'aml/verdict' }))).map(({ number }) => number), [2, 3])
  await assert.rejects(t.listDecisions({ limit: 0 }), { code: 'invalid', field: 'limit' })
  await assert.rejects(t.listDecisions({ limit: NaN }), RangeError)
  await assert.rejects(t.listDecisions({ outcom: 'deny' } as never), { code: 'invalid' })
  await assert.rejects(t.listDecisions({ masks: ['input'] }), { code: 'invalid', field: 'masks' })
  await assert.rejects(t.listDecisions({ signal: AbortSignal.abort() }), { name: 'AbortError' })
})

test('versions are tried out, put in force, and taken back', async () => {
  await using t = await open()
  const other = bundle(500, '2')
  assert.deepEqual((await t.loadPolicy(other, { shadow: true })).shadow?.version.revision, '2')
  await t.decide('aml/verdict', { cents: 700 })
  await t.decide('aml/verdict', { cents: 1 })
  const [loaded] = await t.listPolicies()
  assert.deepEqual([loaded?.name, loaded?.current.revision, loaded?.current.loaded.compare(Timestamp.parse(NOW))], ['policy', '1', 0])
  const { decisions, same, flipped, flips } = loaded!.shadow!
  assert.deepEqual([decisions, same, flipped, flips.map(({ was, now }) => [was, now])], [2, 1, 1, [['allow', 'review']]])
  assert.deepEqual(flips[0]!.reasons.map(({ code }) => code), [12001])

  const replayed = await t.replayDecisions(other, { path: 'aml/verdict', from: '2020-01-01' })
  assert.deepEqual([replayed.decisions, replayed.same, replayed.flipped, replayed.subjectForgotten, replayed.flips[0]?.was], [2, 1, 1, 0, 'allow'])
  assert.deepEqual((await t.replayDecisions(other, { limit: 0 })).flips, [])

  assert.deepEqual((await t.loadPolicy(other)).former.map(({ revision }) => revision), ['1'])
  assert.equal((await t.decide('aml/verdict', { cents: 700 })).verdict.outcome, 'review')
  assert.equal((await t.rollBackPolicy()).current.revision, '1')
  assert.equal((await t.decide('aml/verdict', { cents: 700 })).verdict.outcome, 'allow')
  await assert.rejects(t.rollBackPolicy(), { code: 'invalid', field: 'name' })
  await t.dropPolicy({ shadow: true })
  assert.equal((await t.listPolicies())[0]?.shadow, undefined)
  await t.loadPolicy(bundle(1), { name: 'strict' })
  assert.equal((await t.decide('aml/verdict', { cents: 700 }, { policy: 'strict' })).verdict.outcome, 'review')
  // A misspelt field takes nothing away.
  await assert.rejects(t.dropPolicy({ shadwo: true } as never), { code: 'invalid' })
  await assert.rejects(t.dropPolicy('strict' as never), { code: 'invalid' })
  await t.dropPolicy({ name: 'strict' })
  assert.deepEqual((await t.listPolicies()).map(({ name }) => name), ['policy'])
})

test('a bundle that is refused replaces nothing', async () => {
  await using t = await open()
  await assert.rejects(t.loadPolicy({ 'a.rego': 'package a\n\nx := \n' }), { name: PolicyError.name, code: 'policy', message: /a\.rego/ })
  await assert.rejects(t.loadPolicy('/nowhere/at/all'), { code: 'io' })
  await assert.rejects(t.loadPolicy(bundle(1), { keys: [{ algorithm: 'HS256', key: 'a secret of the operators' }] }), PolicyError)
  await assert.rejects(t.replayDecisions({ 'a.rego': 'pakage a' }), PolicyError)
  for (const wrong of [undefined, null, 5, [], new Map(), { 'a.rego': Buffer.from('package a') }, { 'a.rego': 5 }]) {
    await assert.rejects(t.loadPolicy(wrong as never), TypeError)
    await assert.rejects(t.replayDecisions(wrong as never), TypeError)
  }
  assert.equal((await t.decide('aml/verdict', { cents: 1_000 })).verdict.outcome, 'review')
  // The handle of a policy says the same.
  assert.equal(Policy.of(bundle(1_000)).decide('aml/verdict', { cents: 1_000 }).outcome, 'review')
})

test('decisions last', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'thalium-decisions-'))
  try {
    {
      await using t = await Thalium.open(folder)
      await t.loadPolicy(bundle(1_000))
      await t.decide('aml/verdict', { cents: 2n ** 64n })
      await assert.rejects((await Thalium.open(folder, { readOnly: true })).decide('aml/verdict'), { name: ReadOnlyError.name, message: /no permission/ })
    }
    await using t = await Thalium.open(folder)
    assert.deepEqual((await t.listDecisions()).decisions.map(({ input }) => input), [{ cents: 2n ** 64n }])
    await assert.rejects(t.decide('aml/verdict'), { code: 'invalid', field: 'policy' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
