// What an identity provider tells becomes a case, which two operators decide.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { Thalium, newKey } from 'thalium'
import { type Answered, C42, OFFICER, OPERATOR, Service, TOKENS } from '../harness/service.js'
import { openCases, passTime } from '../src/cases.js'
import { readConfig } from '../src/config.js'

const SECRET = 'a secret of the tests'
// What is older than a case remembers is late.
const STARTED = Date.now()
const HASH = 'a'.repeat(64)
let service: Service
const start = (...more: string[]): Promise<void> => service.start(['--webhooks', join(service.folder, 'webhooks.json'), ...more])
function prepare(): void {
  service = new Service()
  writeFileSync(join(service.folder, 'webhooks.json'), JSON.stringify({ onfido: [{ id: '2026', secret: SECRET }] }))
}
/** A new server, with a key, on which the customer is registered. */
async function startSealed(): Promise<void> {
  await service.stop()
  prepare()
  await start('--key-file', await newKey(join(service.folder, 'key')))
  assert.equal((await service.ask('POST', '/parties', { token: OPERATOR, body: { customer: 'c42', kind: 'person' } })).status, 201)
}
beforeEach(async () => {
  prepare()
  await start()
})
afterEach(() => service.stop())

/** A callback of the provider's about a customer. */
function callback(status: string, subject: string | undefined = 'c42', secret = SECRET, hour = 0): Promise<Answered> {
  const object = { id: 'w-1', status, completed_at_iso8601: new Date(STARTED + hour * 3_600_000).toISOString() }
  const raw = JSON.stringify({ payload: { resource_type: 'workflow_run', action: 'workflow_run.completed', object, resource: { customer_user_id: subject } } })
  const signature = createHmac('sha256', secret).update(raw).digest('hex')
  return service.ask('POST', '/webhooks/onfido', { raw, headers: { 'x-sha2-signature': signature } })
}

const cases = async (query = ''): Promise<any[]> => (await service.ask('GET', `/cases${query}`, { token: OPERATOR })).body.cases
const vote = (token: string, key: string, seen: string, decision = 'approve', reason = 'false_positive'): Promise<Answered> =>
  service.ask('POST', '/cases/c42/decide', { token, key, body: { decision, seen, reasons: [reason] } })

const act = (token: string, what: string, body?: object, key = 'k-1'): Promise<Answered> =>
  service.ask('POST', `/cases/c42/${what}`, { token, key, ...(body ? { body } : {}) })
const look = (path: string): Promise<Answered> => service.ask('GET', path, { token: OPERATOR })

test('a callback opens a case, and two operators decide it', async () => {
  const told = await callback('review')
  assert.deepEqual([told.status, told.body], [200, { heard: true, replayed: false, late: false }])
  assert.deepEqual((await callback('review')).body, { heard: true, replayed: true, late: false })
  const queues = await service.ask('GET', '/queues', { token: OPERATOR })
  assert.deepEqual(queues.body.queues.map(({ queue, waiting, overdue }: any) => [queue, waiting, overdue]), [['review', 1, 0]])
  const [{ case: key, states, evidenceDigest: seen, data }] = await cases('?queue=review')
  assert.deepEqual([key, states, data], ['c42', ['review'], { outcome: 'review', reasons: [] }])

  const first = await vote(OPERATOR, 'v-1', seen)
  assert.deepEqual([first.status, first.body.replayed, first.body.case.pending.votes.map(({ by }: any) => by)], [200, false, ['desk']])
  assert.deepEqual((await vote(OPERATOR, 'v-1', seen)).body.replayed, true)
  const same = await vote(OPERATOR, 'v-2', seen)
  assert.deepEqual([same.status, same.body.type, same.body.code], [422, '/docs#refused', 'same_person'])
  // The provider says something else: what was seen is not what is there.
  assert.equal((await callback('declined')).body.heard, true)
  assert.deepEqual((await vote(OFFICER, 'v-3', seen)).body.code, 'stale')
  const [{ evidenceDigest, pending }] = await cases()
  assert.equal(pending, undefined)
  assert.equal((await vote(OFFICER, 'v-4', evidenceDigest, 'reject', 'true_match')).status, 200)
  assert.equal((await vote(OPERATOR, 'v-5', evidenceDigest)).body.code, 'other_pending')
  const decided = await vote(OPERATOR, 'v-6', evidenceDigest, 'reject', 'true_match')
  assert.deepEqual([decided.body.case.states, decided.body.case.decided[0].votes.length], [['rejected'], 2])
  assert.deepEqual((await service.ask('GET', '/queues', { token: OPERATOR })).body.queues, [])
  // What two people decided stands, whatever the provider says late.
  assert.deepEqual((await callback('approved')).body, { heard: false, replayed: false, late: false })

  // It is there after a restart, and comes to the same.
  assert.equal(await service.running.end('SIGTERM'), 0)
  await start()
  assert.deepEqual((await cases('?status=open&limit=1'))[0].states, ['rejected'])
  assert.equal(await service.running.end('SIGTERM'), 0)
  await using ledger = await Thalium.open(`file:${service.data}`, { readOnly: true })
  const { same: isSame, cases: many } = await ledger.cases.replay()
  assert.deepEqual([isSame, many], [true, 1])
  // The kind and the operators are written once.
  const { entries } = await ledger.cases.logPage()
  assert.equal(entries.filter(({ do: what }) => what === 'define' || what === 'staff').length, 3)
})

test('what is not signed, or of nobody here, opens nothing', async () => {
  const told = await callback('review', 'c42', 'not it')
  assert.deepEqual([told.status, told.body.type], [401, '/docs#unauthenticated'])
  assert.equal((await service.ask('POST', '/webhooks/onfido', { body: {} })).status, 401)
  assert.equal((await service.ask('POST', '/webhooks/onfido', { raw: '{' })).status, 400)
  assert.equal((await service.ask('POST', '/webhooks/onfido', { raw: JSON.stringify('x'.repeat(1 << 20)) })).status, 413)
  assert.equal((await service.ask('POST', '/webhooks/veriff', { body: {} })).status, 404)
  assert.deepEqual((await callback('review', 'bank')).body, { heard: false, replayed: false, late: false })
  assert.deepEqual(await cases(), [])
  assert.equal((await callback('approved')).body.heard, true)
  assert.deepEqual((await cases())[0].states, ['approved'])
  // What was before and comes after changes nothing.
  assert.deepEqual((await callback('review', 'c42', SECRET, -1)).body, { heard: false, replayed: false, late: true })
  assert.deepEqual((await cases())[0].states, ['approved'])
})

test('an operator takes a case, writes something down, and reads what happened', async () => {
  await callback('review')
  const taken = await act(OPERATOR, 'claim')
  assert.deepEqual([taken.status, taken.body.case.assignee], [200, 'desk'])
  const other = await act(OFFICER, 'claim')
  assert.deepEqual([other.status, other.body.code], [422, 'assigned'])
  const text = 'The picture is the same person.'
  assert.deepEqual((await act(OPERATOR, 'notes', { text })).body.replayed, false)
  assert.deepEqual((await act(OPERATOR, 'notes', { text })).body.replayed, true)
  assert.equal((await act(OPERATOR, 'notes', {})).body.field, 'text')
  assert.equal((await act(OPERATOR, 'release')).body.case.assignee, undefined)
  assert.equal((await act(OPERATOR, 'release')).body.replayed, true)

  const { body: whole } = await look('/cases/c42')
  assert.deepEqual([whole.states, whole.sealed, whole.evidence.map(({ name, by }: any) => [name, by])], [['review'], false, [['onfido/w-1', 'provider.onfido']]])
  const { body: log } = await look('/cases/c42/log')
  assert.deepEqual(log.entries.map(({ do: what }: any) => what), ['open', 'callback', 'claim', 'note', 'release'])
  assert.equal(log.entries[3].asked.text, text)
  const { body: next } = await look(`/cases/c42/log?limit=2`)
  assert.deepEqual([next.entries.length, (await look(`/cases/c42/log?after=${next.next}`)).body.entries[0].do], [2, 'claim'])
  const { body: report } = await look('/reports/cases')
  assert.deepEqual(report.people.map(({ person, assigned }: any) => [person, assigned]), [['desk', 0], ['officer', 0]])
  assert.equal((await look('/cases/c43')).status, 404)
  assert.equal((await look('/cases/c43/log')).status, 404)
  assert.equal((await look('/cases/c42?how=1')).body.field, 'how')
})

test('a document is asked for, handed in by the customer, and looked at', async () => {
  await startSealed()
  await service.prepare()
  await callback('review')
  const asked = { document: 'passport', why: 'the picture is not clear' }
  assert.deepEqual((await act(OPERATOR, 'documents', asked)).body.replayed, false)
  assert.deepEqual((await act(OPERATOR, 'documents', asked)).body.replayed, true)
  assert.equal((await act(OPERATOR, 'documents', { document: 'pasport' }, 'k-2')).body.code, 'unknown_name')

  const handIn = async (key: string, hash: string): Promise<any> => {
    const document = { document: 'passport', hash, file: `vault/${key}` }
    const body = { hand_ins: [{ key, made_at: '2026-01-05T10:01:30Z', case: 'c42', document }], cases: ['c42'] }
    const { handed_in: [told], cases: [news] } = (await service.ask('POST', '/sync', { token: C42, body })).body
    return [told.ok, news.states, news.documents.map(({ document, standing, reasons }: any) => [document, standing, reasons])]
  }
  const papers = async (): Promise<any[]> => (await look('/cases/c42')).body.documents.map(({ document, standing, attempts, hash, by }: any) =>
    [document, standing, attempts, hash, by])
  assert.deepEqual(await papers(), [['passport', 'requested', 0, undefined, undefined]])
  await vote(OPERATOR, 'v-1', (await cases())[0].evidenceDigest)
  // That there are doubts is told to nobody.
  assert.deepEqual(await handIn('d-1', HASH), [true, [], [['passport', 'submitted', []]]])
  assert.deepEqual(await papers(), [['passport', 'submitted', 1, HASH, 'c42']])
  // Who has voted had not seen it.
  assert.equal((await cases())[0].pending, undefined)

  const decide = (token: string, body: object, key: string): Promise<Answered> => act(token, 'documents/passport/decide', body, key)
  assert.equal((await decide(OPERATOR, { finding: 'approve', seen: 'b'.repeat(64) }, 'f-1')).body.code, 'stale')
  assert.equal((await decide(OPERATOR, { finding: 'revise', seen: HASH, reasons: ['too_old'] }, 'f-2')).body.code, 'reasons')
  assert.equal((await decide(OPERATOR, { finding: 'perhaps', seen: HASH }, 'f-3')).body.field, 'finding')
  assert.equal((await decide(OPERATOR, { finding: 'approve', seen: HASH, validUntil: 'soon' }, 'f-3')).body.field, 'validUntil')
  assert.equal((await decide(OPERATOR, { finding: 'revise', seen: HASH, reasons: ['illegible'] }, 'f-4')).status, 200)
  assert.deepEqual(await handIn('d-1', HASH), [true, [], [['passport', 'requested', ['illegible']]]])
  const other = 'c'.repeat(64)
  assert.deepEqual(await handIn('d-2', other), [true, [], [['passport', 'submitted', []]]])
  const good = { finding: 'approve', seen: other, validUntil: '2036-01-01T00:00:00Z' }
  assert.deepEqual((await decide(OFFICER, good, 'f-5')).body.replayed, false)
  assert.deepEqual((await decide(OFFICER, good, 'f-5')).body.replayed, true)
  assert.deepEqual(await papers(), [['passport', 'approved', 2, other, 'c42']])
})

test('evidence is put to a case, votes are taken back, and it rests and goes on', async () => {
  await callback('review')
  const [{ evidenceDigest: seen }] = await cases()
  await vote(OPERATOR, 'v-1', seen)
  assert.equal((await act(OFFICER, 'return', { why: 'another person' })).body.case.pending, undefined)
  assert.equal((await act(OFFICER, 'return', { why: 'another person' }, 'k-2')).body.code, 'nothing_pending')
  const report = { name: 'press_report', hash: HASH, file: 'vault/c42/report' }
  const attached = await act(OPERATOR, 'evidence', report)
  assert.deepEqual([attached.status, attached.body.case.evidenceDigest === seen], [200, false])
  assert.deepEqual((await look('/cases/c42')).body.evidence.map(({ name, by }: any) => [name, by]), [['onfido/w-1', 'provider.onfido'], ['press_report', 'desk']])
  assert.equal((await vote(OFFICER, 'v-2', seen)).body.code, 'stale')
  // Nobody speaks for a provider.
  assert.equal((await act(OPERATOR, 'evidence', { ...report, name: 'onfido/w-1' }, 'k-2')).body.code, 'text')
  assert.equal((await act(OPERATOR, 'evidence', { ...report, hash: 'soon' }, 'k-3')).body.field, 'hash')

  const until = new Date(STARTED + 3_600_000).toISOString()
  const rests = await act(OPERATOR, 'snooze', { until, why: 'the customer calls back' })
  assert.equal(rests.body.case.snoozedUntil, until.replace('Z', '000000Z'))
  assert.deepEqual(await cases('?queue=review'), [])
  assert.equal((await act(OPERATOR, 'wake')).body.case.snoozedUntil, undefined)
  assert.deepEqual((await cases('?queue=review')).map(({ case: key }) => key), ['c42'])
  assert.equal((await act(OPERATOR, 'assign', { to: 'officer' })).body.case.assignee, 'officer')
  assert.equal((await act(OPERATOR, 'assign', { to: 'nobody' }, 'k-2')).body.code, 'no_person')
  const { body: { case: { place } } } = await act(OFFICER, 'escalate', { queue: 'overdue', why: 'has called twice' })
  assert.deepEqual([place.queue, place.from, place.waitsSince < place.since], ['overdue', 'review', true])
  assert.equal((await act(OFFICER, 'escalate', { queue: 'later', why: 'has called twice' }, 'k-2')).body.code, 'unknown_name')
  const { body: log } = await look('/cases/c42/log')
  assert.deepEqual(log.entries.map(({ do: what }: any) => what),
    ['open', 'callback', 'decide', 'return', 'attach', 'snooze', 'wake', 'assign', 'escalate'])
})

test('a customer is let in beside the rules for a time, and a case ends and begins anew', async () => {
  await callback('review')
  const later = (hours: number): string => new Date(STARTED + hours * 3_600_000).toISOString()
  const vouched = { why: 'the bank vouches for them', until: later(24) }
  assert.equal((await act(OPERATOR, 'override', { ...vouched, until: later(24 * 30) })).body.code, 'instant')
  const allowed = await act(OPERATOR, 'override', vouched, 'k-2')
  assert.deepEqual([allowed.body.case.states, allowed.body.case.place], [['allowed'], undefined])
  const { body: { overrides } } = await look('/cases/c42')
  assert.deepEqual(overrides.map(({ by, why }: any) => [by, why]), [['desk', 'the bank vouches for them']])
  // The provider doubts again. Who has let the customer in does not vote.
  await callback('declined')
  const [{ states, evidenceDigest: seen }] = await cases()
  assert.deepEqual(states, ['review'])
  assert.equal((await vote(OPERATOR, 'v-1', seen)).body.code, 'had_part')
  assert.equal((await vote(OFFICER, 'v-2', seen)).status, 200)

  const why = 'the account was opened twice'
  assert.equal((await act(OFFICER, 'reopen', { why })).body.code, 'open')
  const { body: { case: cancelled } } = await act(OFFICER, 'cancel', { why })
  assert.deepEqual([cancelled.status, cancelled.place, cancelled.pending], ['cancelled', undefined, undefined])
  assert.equal((await act(OFFICER, 'cancel', { why }, 'k-2')).body.code, 'ended')
  const { body: { case: reopened } } = await act(OPERATOR, 'reopen', { why: 'it was another customer' }, 'k-3')
  assert.deepEqual([reopened.status, reopened.states], ['open', ['waiting']])
})

test('Jumio signs nothing, and is known by the addresses that it sends from', async () => {
  const read = (JUMIO_ADDRESSES: string, WEBHOOKS = '{}'): unknown => readConfig([], { TOKENS: '{}', WEBHOOKS, JUMIO_ADDRESSES }).webhooks
  const key = { id: '2026', secret: SECRET }
  assert.deepEqual(read('192.0.2.7, 2001:db8::7', JSON.stringify({ onfido: [key] })),
    { onfido: { keys: [key] }, jumio: { allowed: ['192.0.2.7', '2001:db8::7'] } })
  assert.throws(() => read('192.0.2.7,localhost'), /jumio-addresses: "localhost" is none/)
  assert.throws(() => read('192.0.2.7', JSON.stringify({ jumio: [key] })), /jumio signs nothing/)
  assert.deepEqual(readConfig([], { TOKENS: '{}' }).webhooks, {})

  const raw = JSON.stringify({ callbackSentAt: new Date(STARTED).toISOString(), userReference: 'c42', workflowExecution: { id: 'w-2', status: 'PROCESSED' } })
  const told = (): Promise<Answered> => service.ask('POST', '/webhooks/jumio', { raw })
  assert.equal((await told()).status, 404)
  for (const [address, status] of [['192.0.2.7', 401], ['127.0.0.1', 200]] as const) {
    assert.equal(await service.running.end('SIGTERM'), 0)
    await start('--jumio-addresses', address)
    assert.equal((await told()).status, status, address)
  }
  // What it says decides nothing.
  assert.deepEqual((await told()).body, { heard: true, replayed: true, late: false })
  assert.deepEqual((await cases())[0].states, ['waiting'])
})

test('time passes: what has waited too long goes on', async () => {
  await using ledger = Thalium.memory()
  await openCases(ledger, TOKENS)
  const before = new Date(Date.now() - 3 * 86_400_000)
  await ledger.cases.open('c42', 'customer', undefined, { now: before })
  const data = { provider: 'onfido', event_id: 'e-1', kind: 'run', about: 'w-1', outcome: 'review', evidence: 'a'.repeat(64), reasons: [], verified: { key: '2026' } }
  await ledger.cases.callback('c42', data, { now: before })
  assert.equal((await ledger.cases.get('c42')).place?.queue, 'review')
  const ending = new AbortController()
  passTime(ledger, ending.signal, 10)
  for (let tries = 0; tries < 1_000 && (await ledger.cases.get('c42')).place?.queue !== 'overdue'; tries += 1) await setTimeout(5)
  assert.equal((await ledger.cases.get('c42')).place?.queue, 'overdue')
  ending.abort()
})

test('what is sealed to a customer is opened for a reason', async () => {
  await startSealed()
  assert.deepEqual((await callback('review')).body, { heard: true, replayed: false, late: false })
  const log = (query = ''): Promise<Answered> => look(`/cases/c42/log${query}`)
  const sealed = (await log()).body.entries.find(({ do: what }: any) => what === 'callback')
  assert.deepEqual([sealed.sealed, sealed.asked], [true, undefined])
  const opened = (await log('?why=complaint%2012')).body.entries.find(({ do: what }: any) => what === 'callback')
  // The original, byte for byte, as the provider signed it.
  assert.equal(JSON.parse(opened.asked.body).payload.object.id, 'w-1')
  // Who withdraws consent is forgotten with the case: a provider that goes on is answered, and nothing of it is kept.
  assert.equal((await service.ask('DELETE', '/parties/c42/data', { token: C42 })).status, 200)
  assert.deepEqual((await callback('approved')).body, { heard: false, replayed: false, late: false })
  assert.equal((await log('?why=complaint%2012')).body.entries.filter(({ asked }: any) => asked !== undefined).length, 0)
})

test('the back office is for operators, and names what is wrong', async () => {
  const seen = 'a'.repeat(64)
  for (const path of ['/queues', '/cases', '/cases/c42', '/cases/c42/log', '/reports/cases']) {
    assert.equal((await service.ask('GET', path, { token: C42 })).status, 403)
    assert.equal((await service.ask('GET', path)).status, 401)
  }
  assert.equal((await vote(C42, 'v-1', seen)).status, 403)
  assert.equal((await vote(OPERATOR, 'v-1', seen)).status, 404)
  await callback('review')
  for (const [body, field] of [
    [{ seen, reasons: ['false_positive'] }, 'decision'], [{ decision: 'approve', reasons: ['false_positive'] }, 'seen'],
    [{ decision: 'approve', seen: 'soon', reasons: ['false_positive'] }, 'seen'], [{ decision: 'approve', seen, reasons: [] }, 'reasons'],
    [{ decision: 'approve', seen, reasons: ['false_positive'], actor: 'officer' }, 'actor'],
  ] as const) {
    const told = await service.ask('POST', '/cases/c42/decide', { token: OPERATOR, key: 'v-1', body })
    assert.deepEqual([told.status, told.body.field], [400, field], JSON.stringify(body))
  }
  const why = 'a mistake'
  for (const [what, body, field] of [
    ['documents', {}, 'document'], ['documents/passport/decide', { finding: 'approve' }, 'seen'], ['evidence', { name: 'report' }, 'hash'],
    ['return', {}, 'why'], ['override', { why }, 'until'], ['override', { why, until: 'soon' }, 'until'], ['escalate', { why }, 'queue'], ['assign', {}, 'to'],
    ['snooze', { until: '2036-01-01' }, 'until'], ['wake', { why }, 'why'], ['reopen', {}, 'why'], ['cancel', { why, actor: 'officer' }, 'actor'],
  ] as const) {
    const told = await act(OPERATOR, what, body)
    assert.deepEqual([told.status, told.body.field], [400, field], what)
    assert.equal((await act(C42, what, body)).status, 403, what)
  }
  assert.equal((await service.ask('POST', '/cases/c43/cancel', { token: OPERATOR, key: 'k-1', body: { why } })).status, 404)
  for (const [query, field] of [['queue=reviews', 'queue'], ['status=late', 'status'], ['limit=0', 'limit'], ['queu=review', 'queu']] as const) {
    const told = await service.ask('GET', `/cases?${query}`, { token: OPERATOR })
    assert.deepEqual([told.status, told.body.field], [400, field], query)
  }
})
