// What an identity provider tells becomes a case, which two operators decide.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { Thalium } from 'thalium'
import { type Answered, C42, OFFICER, OPERATOR, Service } from '../harness/service.js'

const SECRET = 'a secret of the tests'
let service: Service
const start = (): Promise<void> => service.start(['--webhooks', join(service.folder, 'webhooks.json')])
beforeEach(async () => {
  service = new Service()
  writeFileSync(join(service.folder, 'webhooks.json'), JSON.stringify({ onfido: [{ id: '2026', secret: SECRET }] }))
  await start()
})
afterEach(() => service.stop())

/** A callback of the provider's about a customer. */
function callback(status: string, subject: string | undefined = 'c42', secret = SECRET): Promise<Answered> {
  const object = { id: 'w-1', status, completed_at_iso8601: '2026-02-01T10:00:00Z' }
  const raw = JSON.stringify({ payload: { resource_type: 'workflow_run', action: 'workflow_run.completed', object, resource: { customer_user_id: subject } } })
  const signature = createHmac('sha256', secret).update(raw).digest('hex')
  return service.ask('POST', '/webhooks/onfido', { raw, headers: { 'x-sha2-signature': signature } })
}

const cases = async (query = ''): Promise<any[]> => (await service.ask('GET', `/cases${query}`, { token: OPERATOR })).body.cases
const vote = (token: string, key: string, seen: string, decision = 'approve', reason = 'false_positive'): Promise<Answered> =>
  service.ask('POST', '/cases/c42/decide', { token, key, body: { decision, seen, reasons: [reason] } })

test('a callback opens a case, and two operators decide it', async () => {
  const told = await callback('review')
  assert.deepEqual([told.status, told.body], [200, { heard: true, replayed: false }])
  assert.deepEqual((await callback('review')).body, { heard: true, replayed: true })
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
  assert.deepEqual((await callback('approved')).body, { heard: false, replayed: false })

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
  assert.deepEqual((await callback('review', 'bank')).body, { heard: false, replayed: false })
  assert.deepEqual(await cases(), [])
  assert.equal((await callback('approved')).body.heard, true)
  assert.deepEqual((await cases())[0].states, ['approved'])
})

test('the back office is for operators, and names what is wrong', async () => {
  const seen = 'a'.repeat(64)
  for (const path of ['/queues', '/cases']) {
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
