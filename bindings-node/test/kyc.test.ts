// What is asked about people, and callbacks on real servers.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import express, { type NextFunction, type Request, type Response } from 'express'
import fastify, { type FastifyRequest } from 'fastify'
import { Chart, ChartError, InvalidError, RefusedError, Timestamp, kyc } from 'thalium'
import { type CallbackView, callbackHook, callbackMiddleware, importBallerine, importRules, lintCases, readCallback, readMrz, scoreRisk } from 'thalium/kyc'

const VECTORS = process.env.THALIUM_VECTORS ?? join(__dirname, '../../../core/vectors')
const SECRET = 'a secret of the tests'
const KEYS = [{ id: 'new', secret: 'another secret' }, { id: 'old', secret: SECRET }]
const BODY = JSON.stringify({
  payload: {
    resource_type: 'workflow_run', action: 'workflow_run.completed',
    object: { id: 'w-1', status: 'approved', completed_at_iso8601: '2026-02-01T10:00:00Z' }, resource: { customer_user_id: 'zoë', reasons: [] },
  },
})
const sign = (body: string | Uint8Array, secret = SECRET): string => createHmac('sha256', secret).update(body).digest('hex')
const signed = (body: string | Uint8Array = BODY, secret = SECRET): Record<string, string> => ({ 'x-sha2-signature': sign(body, secret) })

test('a callback is proven and read', () => {
  const told = readCallback('onfido', signed(), BODY, KEYS)
  const { provider, key, kind, about, subject, occurredAt, outcome, event, data, dataText, sandbox, signedAt } = told
  assert.deepEqual([provider, key, kind, about, subject, outcome, event], ['onfido', 'old', 'workflow_run.completed', 'w-1', 'zoë', 'approved', 'check.approved'])
  assert.deepEqual([occurredAt, signedAt, sandbox], [Timestamp.parse('2026-02-01T10:00:00Z'), undefined, undefined])
  assert.deepEqual([data.subject, data.retry, JSON.parse(dataText)], ['zoë', false, data])
  assert.ok(Object.isFrozen(told) && told.eventId === told.evidence && /^[0-9a-f]{64}$/.test(told.evidence))
  // However headers and bodies are held.
  const value = sign(BODY)
  for (const headers of [
    new Headers(signed()), [['X-SHA2-Signature', value]] as const, new Map([['X-Sha2-Signature', value]]), { 'X-SHA2-SIGNATURE': [value], cookie: undefined, 'set-cookie': ['a', 'b'] },
  ]) assert.deepEqual(readCallback('onfido', headers, Buffer.from(BODY), KEYS), told)
})

test('a callback that is not proven is refused', () => {
  const refused: [() => unknown, RegExp][] = [
    [() => readCallback('onfido', signed(`${BODY} `), BODY, KEYS), /none of the keys/],
    [() => readCallback('onfido', signed(BODY, 'not it'), BODY, KEYS), /none of the keys/],
    [() => readCallback('onfido', signed(), BODY, [KEYS[0]!]), /none of the keys/],
    [() => readCallback('onfido', {}, BODY, KEYS), /X-SHA2-Signature` is missing/],
    [() => readCallback('onfido', { 'x-sha2-signature': [sign(BODY), sign(BODY)] }, BODY, KEYS), /more than once/],
    [() => readCallback('onfido', signed(), BODY, [{ id: 'old', secret: SECRET, notAfter: new Date('2026-01-31T00:00:00Z') }]), /not valid at/],
    [() => readCallback('jumio', {}, BODY, [], { from: '192.0.2.1', allowed: ['192.0.2.2'] }), /192\.0\.2\.1/],
  ]
  for (const [call, message] of refused) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof RefusedError && error.code === 'refused', String(error))
      assert.match(error.message, message)
      assert.ok(!error.message.includes(SECRET) && !error.message.includes(sign(BODY)))
      return true
    })
  }
  // Persona signs the instant, too.
  const body = JSON.stringify({ data: { attributes: {} } })
  const seconds = Date.parse('2026-02-01T10:00:00Z') / 1000
  const headers = { 'persona-signature': `t=${seconds},v1=${sign(`${seconds}.${body}`)}` }
  assert.throws(() => readCallback('persona', headers, body, KEYS, { now: '2026-02-01T10:05:01Z' }), /signed at/)
  assert.throws(() => readCallback('persona', headers, body, KEYS, { now: '2026-02-01T10:05:01Z', tolerance: 600 }), (error: Error) => !/signed at/.test(error.message))
  assert.throws(() => readCallback('onfidoo' as never, signed(), BODY, KEYS), { name: InvalidError.name, field: 'provider' })
  assert.throws(() => readCallback('onfido', signed(), BODY, []), { name: InvalidError.name, field: 'keys' })
  assert.throws(() => readCallback('onfido', signed(), BODY, [{ id: 'old', secrte: SECRET } as never]), { name: InvalidError.name })
  assert.throws(() => readCallback('onfido', signed(), BODY, KEYS, { form: '192.0.2.1' } as never), { name: InvalidError.name })
  assert.throws(() => readCallback('onfido', signed(), new Uint8Array([0x7b, 0xff]), KEYS), { name: InvalidError.name, field: 'body' })
  assert.throws(() => readCallback('onfido', signed(), { payload: {} } as never, KEYS), TypeError)
  assert.throws(() => readCallback('onfido', undefined as never, BODY, KEYS), TypeError)
})

test('a machine-readable zone is read', () => {
  const zone = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10'
  const { format, number, primary, secondary, born, expires, status, valid, wrong, sex } = readMrz(zone, { today: '2012-04-15' })
  assert.deepEqual([format, number, primary, secondary, born, expires, status, valid, wrong, sex],
    ['TD3', 'L898902C3', 'ERIKSSON', 'ANNA MARIA', '1974-08-12', '2012-04-15', 'valid', true, [], 'female'])
  assert.equal(readMrz(zone).status, 'expired')
  const wrongly = readMrz(zone.replace('7408122', '7408123'))
  assert.ok(!wrongly.valid && wrongly.wrong.length > 0)
  assert.throws(() => readMrz('P<UTO'), { name: InvalidError.name, field: 'text' })
  assert.throws(() => readMrz(zone, { today: 'soon' }), { name: InvalidError.name, field: 'today' })
  assert.throws(() => readMrz(5 as never), TypeError)
  assert.equal(kyc.readMrz, readMrz)
})

test('a risk is scored, exactly', () => {
  const model = `
risk: 1
id: small
description: Two factors.
factors:
  - { id: country, description: Where., weight: 1, value: { var: country }, points: { ZA: 10, XX: 60 } }
  - { id: volume, description: How much., weight: 0.5, value: { var: volume }, bands: [{ to: 18014398509481985, points: 0 }, { from: 18014398509481985, points: 40 }] }
levels:
  - { level: low, from: 0, refresh: P5Y }
  - { level: high, from: 30, refresh: P1Y }
`
  const now = '2026-02-01T10:00:00Z'
  const low = scoreRisk(model, { country: 'ZA', volume: 2n ** 54n }, { now })
  assert.deepEqual([low.score, low.level, low.refuse, low.refreshBy?.toString()], ['10', 'low', false, '2031-02-01T10:00:00.000000000Z'])
  // One more is another band: no number of JavaScript tells these two apart.
  const high = scoreRisk(model, { country: 'ZA', volume: 2n ** 54n + 1n }, { now })
  assert.deepEqual([high.score, high.level], ['30', 'high'])
  assert.ok(high.explained.length > 2 && high.text.startsWith('{') && /^[0-9a-f]{64}$/.test(high.model))
  const overrides = [{ level: 'low', by: 'senior-1', reason: 'known for years', expires: new Date('2026-12-01T00:00:00Z') }]
  assert.equal(scoreRisk(model, { country: 'ZA', volume: 2n ** 54n + 1n }, { overrides, now }).level, 'low')
  assert.throws(() => scoreRisk('risk: 2', {}), ChartError)
  assert.throws(() => scoreRisk(model, { country: 'ZA', volume: 2 ** 54 }), { name: 'RangeError', message: /^facts\.volume: / })
  assert.throws(() => scoreRisk(model, { country: 'ZA' }, { now: 'noon' }), { name: InvalidError.name, field: 'now' })
})

test('a workflow definition of Ballerine becomes a chart', () => {
  const { steps } = JSON.parse(readFileSync(join(VECTORS, 'cases/people.json'), 'utf8')) as { steps: { call: { op: string; text: string }; answer?: object }[] }
  const { call } = steps.find(({ call, answer }) => call.op === 'import_ballerine' && answer !== undefined)!
  const { chart, charts, dialect, leniencies } = importBallerine(call.text)
  assert.deepEqual([charts, leniencies], [[], []])
  assert.equal(Chart.of(chart, { charts, dialect: dialect as 'javascript' }).describe().id, 'review')
  assert.throws(() => importBallerine('{}'), ChartError)
  assert.throws(() => importBallerine({} as never), TypeError)
})

test('rules of Ballerine become a guard', () => {
  const { guard, dialect } = importRules(JSON.stringify({ operator: 'and', rules: [{ key: 'entity.score', operator: 'GT', value: 40 }] }))
  const on = { CHECKED: [{ target: 'high', guard: JSON.parse(guard) as unknown }, 'low'] }
  const states = { waiting: { on }, high: { type: 'final' }, low: { type: 'final' } }
  const chart = Chart.of(JSON.stringify({ chart: 1, id: 'risk', context: { entity: {} }, states }), { dialect: dialect as 'javascript' })
  const after = (score: unknown) => chart.step(chart.start('case-1', { entity: { score } }), 'CHECKED').states
  assert.deepEqual([after(41), after(40), after(null)], [['high'], ['low'], ['low']])
  assert.throws(() => importRules('{"operator": "and", "rules": [{"key": "entity", "operator": "AML_CHECK", "value": {}}]}'), ChartError)
  assert.throws(() => importRules({} as never), TypeError)
})

test('what is probably wrong in a kind of cases is told', () => {
  const chart = `
chart: 1
id: papers
states:
  review: {on: {decided: settled}}
  resting: {on: {woken: review}}
  settled: {type: final}
`
  const kind = `
case: 1
id: papers
chart: papers
queues:
  - {id: all, roles: [officer]}
  - {id: some, states: [review], roles: [officer]}
decisions:
  approve: {states: [review, resting], roles: [officer], event: decided}
`
  const told = lintCases(kind, [chart])
  assert.deepEqual(told.map(({ rule, severity, row }) => [rule, severity, row]), [['hidden-queue', 'warning', 7], ['unheard-decision', 'warning', 9]])
  assert.ok(told.every(({ path, message, hint }) => path && message && hint) && Object.isFrozen(told))
  assert.deepEqual(lintCases(kind, [chart], { dialect: 'javascript' }), told)
  assert.deepEqual(lintCases('{case: 1, id: papers, chart: papers}', [chart]), [])
  // Guards of a kind ask a policy.
  const asking = kind.replace('{id: all, ', '{id: all, when: {rego: kyc/high}, ')
  const policy = { 'kyc.rego': 'package kyc\n\nhigh if input.score >= 5\n' }
  assert.deepEqual(lintCases(asking, [chart], { policy }).map(({ rule }) => rule), ['unheard-decision'])
  assert.throws(() => lintCases(asking, [chart]), ChartError)
  assert.throws(() => lintCases(kind.replace('[review]', '[nowhere]'), [chart]), ChartError)
  assert.throws(() => lintCases(kind, ['chart: 2']), ChartError)
  assert.throws(() => lintCases(kind, [chart], { keys: [] }), TypeError)
  assert.throws(() => lintCases({} as never, [chart]), TypeError)
})

interface Told { status: number; type: string | null; body: any }

async function post(url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<Told> {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  const text = await answer.text()
  let told: unknown = text
  try {
    told = JSON.parse(text)
  } catch {
    // It is no JSON.
  }
  return { status: answer.status, type: answer.headers.get('content-type'), body: told }
}

const shown = (callback: CallbackView | undefined): object => ({ about: callback?.about, subject: callback?.subject, key: callback?.key })
const APPROVED = { about: 'w-1', subject: 'zoë', key: 'old' }
const LARGE = JSON.stringify({ payload: 'x'.repeat(1 << 20) })

async function mustHold(url: string, refusals: unknown[]): Promise<void> {
  const good = await post(url, BODY, signed())
  assert.deepEqual([good.status, good.body], [200, APPROVED])
  for (const [body, headers, status] of [
    [BODY, {}, 401], [BODY, signed(BODY, 'not it'), 401], [`${BODY} `, signed(), 401], ['{"payload":', signed('{"payload":'), 400], ['', signed(''), 400],
    [new Uint8Array([0x7b, 0xff]), signed(new Uint8Array([0x7b, 0xff])), 400], [LARGE, signed(LARGE), 413],
  ] as [string | Uint8Array<ArrayBuffer>, Record<string, string>, number][]) {
    const before = refusals.length
    const told = await post(url, body, headers)
    assert.deepEqual([told.status, told.type?.replace(/;.*/, ''), told.body.status], [status, 'application/problem+json', status], JSON.stringify(told))
    assert.ok(typeof told.body.title === 'string' && typeof told.body.detail === 'string' && !JSON.stringify(told.body).includes(SECRET))
    assert.equal(refusals.length - before, status === 413 ? 0 : 1)
  }
}

test('Express lets through what is signed', async () => {
  const app = express()
  const refusals: unknown[] = []
  const onRefused = (error: unknown): void => void refusals.push(error)
  const answer = (request: Request, response: Response): void => void response.json(shown(request.callback))
  app.post('/hook', callbackMiddleware({ provider: 'onfido', keys: KEYS, onRefused }), answer)
  app.post('/raw', express.raw({ type: () => true, limit: '2mb' }), callbackMiddleware({ provider: 'onfido', keys: KEYS, onRefused }), answer)
  app.post('/kept', express.json({ limit: '2mb', verify: (request, _, bytes) => void Object.assign(request, { rawBody: bytes }) }),
    callbackMiddleware<Request>({ provider: 'onfido', keys: KEYS }), answer)
  app.post('/late', express.json(), callbackMiddleware({ provider: 'onfido', keys: KEYS }), answer)
  app.post('/odd', callbackMiddleware({ provider: 'onfido', keys: [] }), answer)
  app.post('/jumio', callbackMiddleware({ provider: 'jumio', allowed: ['192.0.2.7'], from: (request: Request) => request.get('x-real-ip') }), answer)
  app.post('/own', callbackMiddleware({ provider: 'onfido', keys: KEYS, onProblem: (problem, next) => next(Object.assign(new Error(problem.detail), { status: 418 })) }), answer)
  app.use((error: Error & { status?: number }, _: Request, response: Response, __: NextFunction) => void response.status(error.status ?? 500).json({ message: error.message }))
  const server = app.listen(0)
  try {
    const { port } = server.address() as AddressInfo
    const at = `http://127.0.0.1:${port}`
    await mustHold(`${at}/hook`, refusals)
    await mustHold(`${at}/raw`, refusals)
    assert.deepEqual((await post(`${at}/kept`, BODY, signed())).body, APPROVED)
    const late = await post(`${at}/late`, BODY, signed())
    assert.deepEqual([late.status, /before express\.json/.test(late.body.message)], [500, true])
    assert.equal((await post(`${at}/odd`, BODY, signed())).status, 500)
    assert.equal((await post(`${at}/own`, BODY, {})).status, 418)
    assert.equal((await post(`${at}/jumio`, BODY, { 'x-real-ip': '192.0.2.8' })).status, 401)
    // One that breaks off holds nothing up.
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {}).write('POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"pay')
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    assert.equal((await post(`${at}/hook`, BODY, signed())).status, 200)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('Fastify lets through what is signed', async () => {
  const app = fastify({ bodyLimit: 2 << 20 })
  const refusals: unknown[] = []
  const onRefused = (error: unknown): void => void refusals.push(error)
  const answer = async (request: FastifyRequest): Promise<object> => shown((request as FastifyRequest & { callback?: CallbackView }).callback)
  app.post('/hook', { preParsing: callbackHook({ provider: 'onfido', keys: KEYS, onRefused }) }, async (request) => {
    // It is there to be parsed, too.
    assert.equal((request.body as { payload: { object: { id: string } } }).payload.object.id, 'w-1')
    return answer(request)
  })
  app.post('/late', { preHandler: callbackHook({ provider: 'onfido', keys: KEYS }) }, answer)
  await app.register(async (raw) => {
    raw.removeAllContentTypeParsers()
    raw.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
    raw.post('/raw', { preHandler: callbackHook({ provider: 'onfido', keys: KEYS, onRefused }) }, answer)
  })
  const at = await app.listen({ port: 0, host: '127.0.0.1' })
  try {
    await mustHold(`${at}/hook`, refusals)
    assert.deepEqual((await post(`${at}/raw`, BODY, signed())).body, APPROVED)
    assert.equal((await post(`${at}/raw`, BODY, {})).status, 401)
    assert.equal((await post(`${at}/late`, BODY, signed())).status, 500)
  } finally {
    await app.close()
  }
})
