// Cases, in the hands of a Node programmer.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type CaseOutcome, type CaseView, ChartError, InvalidError, ReadOnlyError, Thalium, Timestamp, commands } from 'thalium'

const KIND = `
case: 1
id: onboarding
description: A person is let in by two officers.
chart: onboarding
evidence: [risk]
queues:
  - { id: reviews, states: [review], roles: [officer], within: P2D, missed: late, escalate: overdue }
  - { id: overdue, when: false, roles: [senior] }
decisions:
  approve: { states: [review], roles: [officer, senior], quorum: 2, reasons: [fine, checked], not_by: [opener], event: approved, returned: returned }
documents:
  passport: { attempts: 2, within: P7D, roles: [officer], reasons: [blurred] }
document_events: { submitted: passport.in, approved: passport.good, revised: passport.again }
overrides: { roles: [senior], most: P30D, event: overridden, expired: override.over }
reopening: { roles: [senior], keep: [limit] }
`
const CHART = `
chart: 1
id: onboarding
context: { risk: low, limit: 0, name: "" }
states:
  collecting:
    on:
      passport.in: { actions: [{ effect: scan, with: { hash: { expr: { var: event.data.hash } }, size: { expr: { var: event.data.size } } } }] }
      passport.good: review
      passport.again: { actions: [{ effect: ask_again }] }
      overridden: review
  review:
    on:
      screened: { actions: [{ assign: { risk: { expr: { var: event.data.risk } } } }] }
      late: { actions: [{ effect: notify }] }
      returned: { actions: [{ effect: tell, with: { why: { expr: { var: event.data.why } } } }] }
      override.over: collecting
      approved: { target: settled, actions: [{ assign: { limit: { expr: { var: event.data.limit } } } }] }
  settled: { type: final }
`
const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const day = (number: number, hour = 10): string => `2026-02-${String(number).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`

async function open(): Promise<Thalium> {
  const t = Thalium.memory({ insecureSeed: '07'.repeat(32), actor: 'host' })
  await t.cases.define(KIND, [CHART], { now: day(1), actor: 'admin' })
  for (const person of ['reviewer-1', 'reviewer-2']) await t.cases.setStaff(person, ['officer'], { now: day(1) })
  await t.cases.setStaff('senior-1', ['senior'], { now: day(1), away: true })
  return t
}

function done(outcome: CaseOutcome): CaseView {
  assert.ok(outcome.ok && outcome.now, `${outcome.code}: ${outcome.reason}`)
  return outcome.now
}

/** A case that waits for a decision. */
async function toReview(t: Thalium, key: string): Promise<CaseView> {
  done(await t.cases.open(key, 'onboarding', { name: key }, { now: day(2) }))
  done(await t.cases.submitDocument(key, 'passport', hash('scan'), { file: 'vault/1', actor: 'customer', now: day(2, 11) }))
  return done(await t.cases.decideDocument(key, 'passport', 'approve', { seen: hash('scan'), actor: 'reviewer-1', now: day(2, 12) }))
}

async function all<T>(found: AsyncIterable<T>): Promise<T[]> {
  const told: T[] = []
  for await (const one of found) told.push(one)
  return told
}

test('a case goes from its kind to a decision of two people', async () => {
  await using t = await open()
  const [kind] = await t.cases.kinds()
  assert.deepEqual([kind?.kind, kind?.chart, kind?.queues, kind?.decisions, kind?.documents],
    ['onboarding', 'onboarding', ['reviews', 'overdue'], ['approve'], ['passport']])
  assert.deepEqual((await t.cases.staff()).map(({ person, roles, away }) => [person, roles, away]),
    [['reviewer-1', ['officer'], false], ['reviewer-2', ['officer'], false], ['senior-1', ['senior'], true]])

  const opened = await t.cases.open('c1', 'onboarding', { name: 'first' }, { now: Timestamp.parse(day(2)), requestId: 'r-1' })
  assert.deepEqual([opened.ok, opened.heard, opened.replayed, opened.code, opened.effects], [true, true, false, undefined, []])
  const { states, status, version, openedBy, openedAt, data, place } = done(opened)
  assert.deepEqual([states, status, version, openedBy, data, place], [['collecting'], 'open', 1, 'host', { limit: 0, name: 'first', risk: 'low' }, undefined])
  assert.ok(openedAt instanceof Timestamp && openedAt.compare(Timestamp.parse(day(2))) === 0)
  assert.ok(Object.isFrozen(opened) && Object.isFrozen(opened.now) && Object.isFrozen(opened.now?.states))
  // The same request is not done twice.
  assert.deepEqual((await t.cases.open('c1', 'onboarding', { name: 'first' }, { now: day(2), requestId: 'r-1' })).replayed, true)
  assert.deepEqual((await t.cases.open('c1', 'onboarding')).code, 'case_exists')

  done(await t.cases.requestDocument('c1', 'passport', { why: 'the first', actor: 'reviewer-1', now: day(2, 11) }))
  const asked = done(await t.cases.submitDocument('c1', 'passport', hash('a'), { file: 'vault/1', validUntil: '2030-01-01T00:00:00Z', actor: 'customer', now: day(2, 12) }))
  const [passport] = asked.documents
  assert.deepEqual([passport?.standing, passport?.attempts, passport?.file, passport?.by, passport?.validUntil?.toString()],
    ['submitted', 1, 'vault/1', 'customer', '2030-01-01T00:00:00.000000000Z'])
  done(await t.cases.decideDocument('c1', 'passport', 'revise', { seen: hash('a'), reasons: ['blurred'], actor: 'reviewer-1', now: day(2, 13) }))
  const sent = await t.cases.submitDocument('c1', 'passport', hash('b'), { data: { size: 2n ** 60n }, actor: 'customer', now: day(2, 14) })
  assert.deepEqual(sent.effects.map(({ case: key, effect: { kind, name, data } }) => [key, kind, name, data]),
    [['c1', 'send', 'scan', { hash: hash('b'), size: 2n ** 60n }]])
  assert.equal((await t.cases.decideDocument('c1', 'passport', 'approve', { seen: hash('a'), actor: 'reviewer-1', now: day(2, 15) })).code, 'stale')
  const waits = done(await t.cases.decideDocument('c1', 'passport', 'approve', { seen: hash('b'), actor: 'reviewer-1', now: day(2, 15) }))
  assert.deepEqual([waits.states, waits.place?.queue, waits.place?.due?.toString(), waits.place?.waitsSince.toString()],
    [['review'], 'reviews', '2026-02-04T15:00:00.000000000Z', '2026-02-02T15:00:00.000000000Z'])
  assert.deepEqual((await t.cases.queues({ now: day(5) })).map(({ queue, waiting, unassigned, overdue, oldest }) => [queue, waiting, unassigned, overdue, oldest.toString()]),
    [['reviews', 1, 1, 1, '2026-02-02T15:00:00.000000000Z']])

  done(await t.cases.claim('c1', { actor: 'reviewer-2', now: day(2, 16) }))
  done(await t.cases.note('c1', 'looks fine', { actor: 'reviewer-2', now: day(2, 16) }))
  const attached = done(await t.cases.attach('c1', 'report', hash('r'), { file: 'vault/2', now: day(2, 17) }))
  assert.deepEqual([attached.assignee, attached.evidence.map(({ name, by, file }) => [name, by, file])], ['reviewer-2', [['report', 'host', 'vault/2']]])
  const vote = (actor: string, seen: string, reason = 'fine', hour = 18): Promise<CaseOutcome> =>
    t.cases.decide('c1', 'approve', { seen, reasons: [reason], comment: 'all there', data: { limit: 2n ** 80n }, actor, now: day(2, hour) })
  const seen = attached.evidenceDigest
  assert.equal((await vote('reviewer-1', seen)).code, 'assigned')
  assert.equal((await vote('reviewer-2', hash('other'))).code, 'stale')
  assert.equal((await vote('reviewer-2', seen, 'bad')).code, 'reasons')
  assert.equal((await vote('host', seen)).code, 'no_person')
  const first = await vote('reviewer-2', seen)
  assert.deepEqual([done(first).pending?.decision, first.now?.pending?.votes.map(({ by, role }) => [by, role])], ['approve', [['reviewer-2', 'officer']]])
  const again = await vote('reviewer-2', seen)
  assert.deepEqual([again.ok, again.code, again.now, again.effects], [false, 'same_person', undefined, []])
  assert.match(again.reason!, /another person must/)
  // What was seen is not what is there any more: the vote before has gone with it.
  const screened = await t.cases.send('c1', 'screened', { risk: 'medium' }, { now: day(2, 19) })
  assert.deepEqual([screened.heard, done(screened).pending, screened.effects[0]?.effect.name], [true, undefined, 'tell'])
  assert.equal((await vote('reviewer-1', seen, 'fine', 20)).ok, false)
  const { evidenceDigest } = await t.cases.get('c1')
  done(await vote('reviewer-2', evidenceDigest, 'fine', 21))
  const returned = await t.cases.returnDecision('c1', 'once more', { actor: 'reviewer-1', now: day(2, 21) })
  assert.deepEqual(returned.effects.map(({ effect: { data } }) => data), [{ why: 'once more' }])
  done(await vote('reviewer-2', evidenceDigest, 'fine', 22))
  const decided = done(await vote('reviewer-1', evidenceDigest, 'checked', 23))
  assert.deepEqual([decided.status, decided.data, decided.decided.map(({ decision, votes }) => [decision, votes.length])],
    ['ended', { limit: 2n ** 80n, name: 'first', risk: 'medium' }, [['approve', 2]]])
  assert.equal((await t.cases.claim('c1', { actor: 'reviewer-1', now: day(3) })).code, 'ended')

  const { kinds, people, decisions, documents, at } = await t.cases.report({ now: day(4) })
  assert.deepEqual([kinds[0]?.ended, people.find(({ person }) => person === 'reviewer-1')?.voted, documents[0]?.approved, at.toString()],
    [1, 1, 1, '2026-02-04T10:00:00.000000000Z'])
  assert.deepEqual([decisions[0]?.taken, decisions[0]?.late], [1, 0])
  assert.match(await t.cases.draw('c1'), /^<svg/)
  assert.match(await t.cases.draw('c1', { format: 'mermaid' }), /^stateDiagram/m)
  const reopened = done(await t.cases.reopen('c1', 'new facts', { actor: 'senior-1', now: day(5) }))
  assert.deepEqual([reopened.states, reopened.reopened, reopened.data?.limit], [['collecting'], 1, 2n ** 80n])
  done(await t.cases.cancel('c1', 'gone', { actor: 'senior-1', now: day(6) }))
  assert.equal((await t.cases.get('c1')).status, 'cancelled')
})

test('what was done is told once more, and decided once more', async () => {
  await using t = await open()
  await toReview(t, 'c1')
  const entries = await all(t.cases.log())
  assert.deepEqual(entries.map(({ number, do: what, actor }) => [number, what, actor]), [
    [0, 'define', 'admin'], [1, 'staff', 'host'], [2, 'staff', 'host'], [3, 'staff', 'host'], [4, 'open', 'host'], [5, 'submit_document', 'customer'],
    [6, 'decide_document', 'reviewer-1'],
  ])
  const [, , , , opened, submitted] = entries
  assert.deepEqual([opened?.case, opened?.version, opened?.at.toString(), opened?.sealed], ['c1', 1, '2026-02-02T10:00:00.000000000Z', false])
  assert.deepEqual(JSON.parse(submitted!.askedText!), submitted!.asked)
  assert.equal(submitted!.asked!.document, 'passport')
  assert.ok(submitted!.steps!.length > 0 && submitted!.stepsText!.startsWith('['))
  const page = await t.cases.logPage({ case: 'c1', limit: 2 })
  assert.deepEqual([page.entries.map(({ number }) => number), page.next], [[4, 5], 5])
  assert.deepEqual((await all(t.cases.log({ case: 'c1', after: 5 }))).map(({ number }) => number), [6])
  const replayed = await t.cases.replay()
  assert.deepEqual([replayed.facts, replayed.changes, replayed.cases, replayed.same, replayed.differences, replayed.subjectForgotten], [7, 3, 1, true, [], 0])
})

test('numbers are exact both ways', async () => {
  await using t = await open()
  const data = { limit: 2n ** 127n, name: { least: -(2n ** 64n), share: [0.1, 19.99, 1e-7], text: '9007199254740993', most: 2 ** 53 - 1 } }
  const opened = done(await t.cases.open('c1', 'onboarding', data))
  assert.deepEqual(opened.data, { ...data, risk: 'low' })
  assert.match(opened.dataText!, /"limit":170141183460469231731687303715884105728,/)
  const [entry] = (await t.cases.logPage({ case: 'c1' })).entries
  assert.match(entry!.askedText!, /170141183460469231731687303715884105728/)
  for (const limit of [NaN, Infinity, 2 ** 53, 0.1 + 0.2]) {
    await assert.rejects(t.cases.send('c1', 'screened', { limit }), { name: 'RangeError', message: /^data\.limit: / })
  }
  for (const value of [new Map(), Promise.resolve({}), () => 1]) await assert.rejects(t.cases.send('c1', 'screened', { value }), TypeError)
  // As another language writes it: whoever reads the data is told, and nobody else.
  const ask = (t as unknown as { ask: (request: string) => Promise<unknown> }).ask.bind(t)
  await ask('{"op":"change_case","case":"c2","change":{"do":"open","kind":"onboarding"},"data":{"limit":0.10000000000000000001}}')
  const { cases } = await t.cases.page()
  assert.deepEqual(cases.map(({ case: key }) => key), ['c1', 'c2'])
  assert.throws(() => cases[1]!.data, { name: 'UndecidedError', message: /the data holds 0\.10000000000000000001.*dataText/ })
  assert.match(cases[1]!.dataText!, /0\.10000000000000000001/)
  assert.equal((await t.cases.get('c2')).version, 1)
})

test('time passes, and cases rest, go on and are decided beside the rules', async () => {
  await using t = await open()
  await toReview(t, 'c1')
  await toReview(t, 'c2')
  done(await t.cases.assign('c1', 'reviewer-2', { actor: 'reviewer-1', now: day(2, 13) }))
  done(await t.cases.release('c1', { actor: 'reviewer-2', now: day(2, 13) }))
  const rests = done(await t.cases.snooze('c1', new Date('2026-02-03T00:00:00Z'), 'waits for a call', { actor: 'reviewer-1', now: day(2, 14) }))
  assert.equal(rests.snoozedUntil?.toString(), '2026-02-03T00:00:00.000000000Z')
  const keys = async (asked: Parameters<typeof t.cases.list>[0]): Promise<string[]> => (await all(t.cases.list(asked))).map(({ case: key }) => key)
  assert.deepEqual(await keys({ queue: 'reviews', now: day(2, 15) }), ['c2'])
  assert.deepEqual(await keys({ queue: 'reviews', snoozed: true, now: day(2, 15) }), ['c1', 'c2'])
  done(await t.cases.wake('c1', { actor: 'reviewer-1', now: day(2, 16) }))
  assert.deepEqual(await keys({ status: 'open', limit: 1 }), ['c1'])
  const { cases, next } = await t.cases.page({ kind: 'onboarding', unassigned: true, limit: 1 })
  assert.deepEqual([cases.map(({ case: key }) => key), next], [['c1'], 'c1'])
  assert.deepEqual(await keys({ after: 'c1' }), ['c2'])

  const advanced = await t.cases.advanceAll({ limit: 1, actor: 'clock', now: day(5) })
  assert.deepEqual([advanced.changed, advanced.more, advanced.refused, advanced.effects.map(({ effect: { name } }) => name)], [1, true, [], ['notify']])
  assert.equal((await t.cases.advanceAll({ actor: 'clock', now: day(5) })).more, false)
  assert.deepEqual((await t.cases.queues()).map(({ queue, waiting }) => [queue, waiting]), [['overdue', 2]])
  const { place } = await t.cases.get('c1')
  // Its time there began when that of the one before was over.
  assert.deepEqual([place?.from, place?.since.toString(), place?.waitsSince.toString()],
    ['reviews', '2026-02-04T12:00:00.000000000Z', '2026-02-02T12:00:00.000000000Z'])
  assert.equal((await t.cases.advance('c1', { now: day(6) })).ok, true)
  assert.equal((await t.cases.escalate('c1', 'none', 'by hand', { actor: 'senior-1', now: day(6) })).code, 'unknown_name')
  done(await t.cases.open('c3', 'onboarding', undefined, { parent: 'c1', now: day(7) }))
  assert.deepEqual(await keys({ parent: 'c1' }), ['c3'])
  assert.equal((await t.cases.override('c3', 'a bank vouches', day(8), { actor: 'reviewer-1', now: day(7) })).code, 'role')
  const beside = done(await t.cases.override('c3', 'a bank vouches', day(8), { data: { limit: 1 }, actor: 'senior-1', now: day(7) }))
  assert.deepEqual([beside.states, beside.overrides.map(({ by, until }) => [by, until.toString()])], [['review'], [['senior-1', '2026-02-08T10:00:00.000000000Z']]])
  assert.equal((await t.cases.replay()).same, true)
})

test('cases go on in another version of their kind', async () => {
  await using t = await open()
  await toReview(t, 'c1')
  const map = '{migration: 1, same: true, context: {keep: true}, timers: keep, history: keep}'
  const { digest } = await t.cases.define(KIND.replace('quorum: 2', 'quorum: 1'), [CHART], { now: day(3) })
  const rehearsed = await t.cases.rehearseMigration('onboarding', map, { actor: 'senior-1', now: day(3) })
  assert.deepEqual([rehearsed.cases, rehearsed.movable, rehearsed.refused], [1, 1, []])
  const moved = done(await t.cases.migrate('c1', map, { actor: 'senior-1', now: day(3) }))
  assert.deepEqual([moved.definition, moved.states], [digest, ['review']])
  assert.equal((await t.cases.rehearseMigration('onboarding', map, { now: day(4) })).cases, 0)
})

test('what is sealed is opened for a reason', async () => {
  await using t = await open()
  const party = await t.parties.register({ key: 'zodwa', kind: 'person' }, { now: day(1) })
  await t.submit([commands.defineRetention({ name: 'aml', years: 5, law: 'AML law' })], { now: day(1) })
  done(await t.cases.open('c1', 'onboarding', { name: 'Zodwa' }, { party, retention: 'aml', now: day(2) }))
  const closed = await t.cases.get('c1')
  assert.deepEqual([closed.sealed, closed.data, closed.dataText, closed.states], [true, undefined, undefined, ['collecting']])
  const opened = await t.cases.get('c1', { open: { why: 'complaint 12', actor: 'officer', now: day(3) } })
  assert.deepEqual([opened.data?.name, opened.withheld], ['Zodwa', undefined])
  assert.equal((await t.cases.logPage({ case: 'c1' })).entries[0]?.asked, undefined)
  const [entry] = await all(t.cases.log({ case: 'c1', open: { why: 'an audit', now: day(3) } }))
  assert.match(entry!.askedText!, /Zodwa/)
  assert.deepEqual((await t.cases.page({ party })).cases.map(({ case: key }) => key), ['c1'])
  await assert.rejects(t.cases.get('c1', { open: { why: '' } }), { code: 'invalid', field: 'why' })
})

const LEVEL = `
case: 1
id: level
chart: level
queues:
  - { id: high, states: [active], when: { rego: kyc/high }, roles: [senior] }
  - { id: usual, states: [active], roles: [officer] }
party:
  kyc_level: { of: "contains(states, 'active') && granted || 'none'", levels: { none: 0, L2: 2 } }
  flags: { suspended: "contains(states, 'suspended')" }
`
const LEVELS = `
chart: 1
id: level
context: { granted: none, score: 0 }
states:
  active: { on: { granted: { actions: [{ assign: { granted: L2 } }] }, suspended: suspended } }
  suspended: {}
`

test('a level is told to the register of parties, and guards ask a policy', async () => {
  await using t = await open()
  await t.parties.register({ key: 'thandi', kind: 'person' }, { now: day(1) })
  await assert.rejects(t.cases.define(LEVEL, [LEVELS]), ChartError)
  await assert.rejects(t.cases.define(LEVEL, [LEVELS], { keys: [] }), TypeError)
  await t.cases.define(LEVEL, [LEVELS], { policy: { 'kyc.rego': 'package kyc\n\nhigh if input.score >= 5\n' }, now: day(1) })
  const opened = done(await t.cases.open('c1', 'level', { score: 5 }, { party: 'thandi', now: day(2) }))
  assert.deepEqual([opened.place?.queue, opened.standing], ['high', { kycLevel: 0, flags: [], told: true }])
  done(await t.cases.send('c1', 'granted', {}, { now: day(3) }))
  assert.equal((await t.parties.get('thandi'))?.kycLevel, 2)
  const suspended = await t.cases.send('c1', 'suspended', {}, { now: day(4) })
  assert.deepEqual([suspended.code, done(suspended).standing?.flags], [undefined, ['suspended']])
  const party = await t.parties.get('thandi')
  assert.deepEqual([party?.kycLevel, party?.flags], [0, ['suspended']])
  assert.ok((await t.cases.replay()).same)
})

test('a request that makes no sense rejects, and changes nothing', async () => {
  await using t = await open()
  const told: [() => Promise<unknown>, object][] = [
    [() => t.cases.define(KIND.replace('event: approved', 'event: aproved'), [CHART]), { name: ChartError.name, code: 'chart' }],
    [() => t.cases.define('case: 2', [CHART]), ChartError],
    [() => t.cases.define(KIND, [CHART], { dialect: 'python' as never }), { name: InvalidError.name, field: 'dialect' }],
    [() => t.cases.define(KIND, [CHART], { dialekt: 'strict' } as never), { code: 'invalid' }],
    [() => t.cases.get('none'), { name: InvalidError.name, field: 'case' }],
    [() => t.cases.open('c9', 'onboarding', {}, { now: 'noon' }), { code: 'invalid', field: 'now' }],
    [() => t.cases.open('c9', 'onboarding', {}, { party: 'nobody' }), { code: 'invalid', field: 'party' }],
    [() => t.cases.open('c9', 'onboarding', {}, { parnet: 'c1' } as never), { code: 'invalid' }],
    [() => t.cases.open(undefined as never, 'onboarding'), TypeError],
    [() => t.cases.snooze('c9', {} as never, 'why'), TypeError],
    [() => t.cases.claim('c9', { data: {} } as never), { code: 'invalid' }],
    [() => t.cases.decide('c9', 'approve', { seen: 'soon' }), { code: 'invalid', field: 'seen' }],
    [() => t.cases.page({ limit: 0 }), { code: 'invalid', field: 'limit' }],
    [() => t.cases.page({ limit: NaN }), RangeError],
    [() => t.cases.page({ statsu: 'open' } as never), { code: 'invalid' }],
    [() => t.cases.logPage({ limit: 10_001 }), { code: 'invalid', field: 'limit' }],
    [() => t.cases.open('c9', 'onboarding', {}, { signal: AbortSignal.abort() }), { name: 'AbortError' }],
  ]
  for (const [call, error] of told) await assert.rejects(call(), error, String(call))
  assert.deepEqual((await t.cases.page()).cases, [])
  assert.equal((await t.cases.open('c9', 'onboardin')).code, 'no_kind')
  assert.equal((await t.cases.claim('c9')).code, 'no_case')
  await t.drain()
  await assert.rejects(t.cases.open('c9', 'onboarding'), { name: ReadOnlyError.name, code: 'draining' })
})

test('cases last', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'thalium-cases-'))
  try {
    let before: CaseView
    {
      await using t = await Thalium.open(folder)
      await t.cases.define(KIND, [CHART])
      before = done(await t.cases.open('c1', 'onboarding', { limit: 2n ** 64n }))
      await using reader = await Thalium.open(folder, { readOnly: true })
      assert.deepEqual(await reader.cases.get('c1'), before)
      await assert.rejects(reader.cases.claim('c1'), { name: ReadOnlyError.name })
    }
    await using t = await Thalium.open(folder)
    assert.deepEqual(await t.cases.get('c1'), before)
    assert.equal((await t.cases.replay()).same, true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
