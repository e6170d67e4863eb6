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

const SECRET = 'a secret of the tests'
// What is older than a case remembers is late.
const STARTED = Date.now()
let service: Service
const start = (): Promise<void> => service.start(['--webhooks', join(service.folder, 'webhooks.json')])
beforeEach(async () => {
  service = new Service()
  writeFileSync(join(service.folder, 'webhooks.json'), JSON.stringify({ onfido: [{ id: '2026', secret: SECRET }] }))
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
  const ask = (token: string, what: string, body?: object, key = 'k-1'): Promise<Answered> =>
    service.ask('POST', `/cases/c42/${what}`, { token, key, ...(body ? { body } : {}) })
  const taken = await ask(OPERATOR, 'claim')
  assert.deepEqual([taken.status, taken.body.case.assignee], [200, 'desk'])
  const other = await ask(OFFICER, 'claim')
  assert.deepEqual([other.status, other.body.code], [422, 'assigned'])
  const text = 'The picture is the same person.'
  assert.deepEqual((await ask(OPERATOR, 'notes', { text })).body.replayed, false)
  assert.deepEqual((await ask(OPERATOR, 'notes', { text })).body.replayed, true)
  assert.equal((await ask(OPERATOR, 'notes', {})).body.field, 'text')
  assert.equal((await ask(OPERATOR, 'release')).body.case.assignee, undefined)
  assert.equal((await ask(OPERATOR, 'release')).body.replayed, true)

  const look = (path: string): Promise<Answered> => service.ask('GET', path, { token: OPERATOR })
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
  await service.stop()
  service = new Service()
  writeFileSync(join(service.folder, 'webhooks.json'), JSON.stringify({ onfido: [{ id: '2026', secret: SECRET }] }))
  await service.start(['--webhooks', join(service.folder, 'webhooks.json'), '--key-file', await newKey(join(service.folder, 'key'))])
  assert.equal((await service.ask('POST', '/parties', { token: OPERATOR, body: { customer: 'c42', kind: 'person' } })).status, 201)
  assert.deepEqual((await callback('review')).body, { heard: true, replayed: false, late: false })
  const look = (query = ''): Promise<Answered> => service.ask('GET', `/cases/c42/log${query}`, { token: OPERATOR })
  const sealed = (await look()).body.entries.find(({ do: what }: any) => what === 'callback')
  assert.deepEqual([sealed.sealed, sealed.asked], [true, undefined])
  const opened = (await look('?why=complaint%2012')).body.entries.find(({ do: what }: any) => what === 'callback')
  // The original, byte for byte, as the provider signed it.
  assert.equal(JSON.parse(opened.asked.body).payload.object.id, 'w-1')
  // Who withdraws consent is forgotten with the case: a provider that goes on is answered, and nothing of it is kept.
  assert.equal((await service.ask('DELETE', '/parties/c42/data', { token: C42 })).status, 200)
  assert.deepEqual((await callback('approved')).body, { heard: false, replayed: false, late: false })
  assert.equal((await look('?why=complaint%2012')).body.entries.filter(({ asked }: any) => asked !== undefined).length, 0)
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
  for (const [query, field] of [['status=late', 'status'], ['limit=0', 'limit'], ['queu=review', 'queu']] as const) {
    const told = await service.ask('GET', `/cases?${query}`, { token: OPERATOR })
    assert.deepEqual([told.status, told.body.field], [400, field], query)
  }
})
