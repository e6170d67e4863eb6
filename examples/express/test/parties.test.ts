// People: who may do what, what is sealed and opened, and what is forgotten.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { newKey } from 'thalium'
import { type Answered, C42, C77, OPERATOR, Service, TOKENS } from '../harness/service.js'

const service = new Service()
before(async () => {
  await service.startWithKey()
  await service.prepare()
})
after(() => service.stop())

/** Stands in values, and must be seen nowhere but where they are opened. */
const CANARY = 'canary-of-the-tests'
/** A piece is too much, too. */
const shows = (told: unknown): boolean => /canary/i.test(typeof told === 'string' ? told : JSON.stringify(told))
const EMAIL = { value: `${CANARY}@example.com`, purpose: 'contact', basis: 'consent', identifier: 'email' }
const NAME = { value: `Thandi ${CANARY}`, purpose: 'due_diligence', basis: 'law', years: 5, identifier: 'name' }

const register = (customer: string, kind = 'person'): Promise<Answered> =>
  service.ask('POST', '/parties', { token: OPERATOR, body: { customer, kind } })
const put = (fields: unknown, token = OPERATOR, customer = 'c42'): Promise<Answered> =>
  service.ask('PUT', `/parties/${customer}/data`, { token, body: { fields } })
const party = async (customer: string): Promise<any> => (await service.ask('GET', `/parties/${customer}`, { token: OPERATOR })).body
const accountsOf = async (customer: string): Promise<string[]> =>
  (await party(customer)).accounts.map((one: { account: string; role: string }) => `${one.account} ${one.role}`)

test('a party is registered once, and has the accounts whichever came first', async () => {
  const first = await register('c42')
  assert.deepEqual([first.status, first.body.key, first.body.replayed], [201, 'c42', false])
  assert.equal(first.headers.get('location'), '/parties/c42')
  const again = await register('c42')
  assert.deepEqual([again.status, again.body.replayed], [200, true])
  assert.deepEqual(await accountsOf('c42'), ['c42:ZAR owner'])
  for (const status of [201, 200]) {
    assert.equal((await service.ask('POST', '/accounts', { token: C42, body: { customer: 'c42', asset: 'BTC' } })).status, status)
    assert.deepEqual((await accountsOf('c42')).sort(), ['c42:BTC owner', 'c42:ZAR owner'])
  }
  const other = await register('c42', 'company')
  assert.deepEqual([other.status, other.body.outcome.status], [422, 'exists_with_different_kind'])
  for (const [body, field] of [
    [{ customer: 'bank', kind: 'person' }, 'customer'], [{ customer: '1234', kind: 'person' }, 'customer'], [{ customer: 'c43' }, 'kind'],
    [{ customer: 'c43', kind: 'broker' }, 'kind'], [{ customer: 'c43', kind: 'person', name: 'x' }, 'name'],
  ] as const) {
    const told = await service.ask('POST', '/parties', { token: OPERATOR, body })
    assert.deepEqual([told.status, told.body.field], [400, field], JSON.stringify(body))
  }
})

test('who may do what', async () => {
  const cases: [string, string, object | undefined, string][] = [
    ['GET', '/parties/c42', undefined, C77], ['PUT', '/parties/c42/data', { fields: { email: EMAIL } }, C77],
    ['GET', '/parties/c42/export', undefined, C77], ['DELETE', '/parties/c42/data', undefined, C77],
    ['POST', '/parties', { customer: 'c42', kind: 'person' }, C42], ['PATCH', '/parties/c42', { kycLevel: 9 }, C42],
    ['POST', '/parties/c42/data/read', { why: 'x' }, C42], ['POST', '/parties/find', { identifier: 'email', value: EMAIL.value }, C42],
    ['POST', '/parties/c42/holds', { name: 'mine' }, C42], ['DELETE', '/parties/c42/holds/mine', undefined, C42],
    ['GET', '/retentions', undefined, C42], ['PUT', '/retentions/mine', { years: 0 }, C42],
    ['PUT', '/parties/c42/data', { fields: { name: NAME } }, C42], ['DELETE', '/parties/c42/data?scope=all', undefined, C42],
  ]
  for (const [method, path, body, token] of cases) {
    assert.equal((await service.ask(method, path, { token, body })).status, 403, `${method} ${path}`)
    assert.equal((await service.ask(method, path, { body })).status, 401, `${method} ${path}`)
  }
  assert.equal((await service.ask('GET', '/parties/c42', { token: C42 })).body.key, 'c42')
  // Who is not registered is not there, and the id is no second name.
  const { id } = await party('c42')
  for (const [method, rest, body] of [
    ['GET', '', undefined], ['PATCH', '', { kycLevel: 1 }], ['PUT', '/data', { fields: { email: EMAIL } }], ['DELETE', '/data?scope=all', undefined],
    ['POST', '/data/read', { why: 'x' }], ['GET', '/export?why=x', undefined], ['POST', '/holds', { name: 'x' }], ['DELETE', '/holds/x', undefined],
  ] as const) {
    for (const name of ['c99', id]) assert.equal((await service.ask(method, `/parties/${name}${rest}`, { token: OPERATOR, body })).status, 404, rest)
  }
})

test('personal data is sealed, found, and opened for a reason', async () => {
  assert.equal((await put({ name: NAME })).status, 200)
  assert.equal((await put({ email: EMAIL }, C42)).status, 200)
  const { fields } = (await service.ask('GET', '/parties/c42', { token: C42 })).body
  assert.deepEqual(fields, [
    { name: 'email', purpose: 'contact', basis: 'consent' }, { name: 'name', purpose: 'due_diligence', basis: 'law', years: 5 },
  ])
  const found = await service.ask('POST', '/parties/find', { token: OPERATOR, body: { identifier: 'email', value: EMAIL.value.toUpperCase() } })
  assert.deepEqual(found.body.parties.map((one: { key: string }) => one.key), ['c42'])
  const none = await service.ask('POST', '/parties/find', { token: OPERATOR, body: { identifier: 'email', value: 'nobody@example.com' } })
  assert.deepEqual(none.body, { parties: [] })

  const read = (body: object) => service.ask('POST', '/parties/c42/data/read', { token: OPERATOR, body })
  const opened = (await read({ why: 'a complaint', fields: ['email'] })).body
  assert.deepEqual(opened.fields.map((one: any) => [one.name, one.value]), [['email', EMAIL.value]])
  assert.equal((await read({ why: 'a complaint' })).body.fields.length, 2)
  for (const [body, field] of [
    [{}, 'why'], [{ why: '' }, 'why'], [{ why: 'w'.repeat(513) }, 'why'], [{ why: 'x', fields: ['none'] }, 'fields'],
    [{ why: 'x', fields: 'email' }, 'fields'], [{ why: 'x', fields: [] }, 'fields'], [{ why: 'x', field: 'email' }, 'field'],
  ] as const) {
    const told = await read(body)
    assert.deepEqual([told.status, told.body.field], [400, field], JSON.stringify(body))
  }
})

test('a retention class says how long a law has it kept', async () => {
  const define = (body: object, name = 'kyc') => service.ask('PUT', `/retentions/${name}`, { token: OPERATOR, body })
  const passport = { value: `A ${CANARY}`, purpose: 'due_diligence', retention: 'kyc' }
  const seal = (field: object = {}, token = OPERATOR) => put({ passport: { ...passport, ...field } }, token, 'c43')
  const shown = async () => (await party('c43')).fields
  assert.equal((await register('c43')).status, 201)
  const early = await seal()
  assert.deepEqual([early.status, early.body.outcome.status, early.body.outcome.reason], [422, 'retention_not_found', early.body.detail])
  assert.match(early.body.detail, /`kyc`/)

  const law = 'Directive (EU) 2015/849, Art. 40'
  for (const replayed of [false, true]) {
    const defined = await define({ years: 5, law })
    assert.deepEqual([defined.status, defined.body.key, defined.body.replayed], [200, 'kyc', replayed])
  }
  assert.equal((await put({ passport }, C42)).status, 403)
  assert.equal((await seal()).status, 200)
  assert.deepEqual(await shown(), [{ name: 'passport', purpose: 'due_diligence', basis: 'law', years: 5, retention: 'kyc' }])
  for (const [field, at] of [
    [{ years: 5 }, 'years'], [{ basis: 'consent' }, 'retention'], [{ retention: 'Of Laws' }, 'fields.passport.retention'],
  ] as const) {
    const told = await seal(field)
    assert.deepEqual([told.status, told.body.field], [400, at], JSON.stringify(field))
  }

  // What was sealed under it follows.
  assert.equal((await service.ask('PATCH', '/parties/c43', { token: OPERATOR, body: { ended: '2026-01-31' } })).status, 200)
  assert.equal((await party('c43')).keptUntil, '2031-01-31')
  assert.equal((await define({ years: 7 })).body.replayed, false)
  assert.deepEqual([(await shown())[0].years, (await party('c43')).keptUntil], [7, '2033-01-31'])

  assert.equal((await define({ years: 0, law }, 'a-law')).status, 200)
  const { retentions } = (await service.ask('GET', '/retentions', { token: OPERATOR })).body
  assert.deepEqual(retentions.map((one: any) => [one.name, one.years, one.law]), [['a-law', 0, law], ['kyc', 7, '']])
  for (const [body, field, name] of [
    [{}, 'years'], [{ years: 101 }, 'years'], [{ years: '5' }, 'years'], [{ years: 5, law: '' }, 'law'], [{ years: 5, law: 'l'.repeat(513) }, 'law'],
    [{ years: 5, basis: 'law' }, 'basis'], [{ years: 5 }, 'name', 'Of%20Laws'],
  ] as const) {
    const told = await define(body, name)
    assert.deepEqual([told.status, told.body.field], [400, field], JSON.stringify(body))
  }
})

test('an export is given to the person and to operators, and tells who read', async () => {
  const own = await service.ask('GET', '/parties/c42/export', { token: C42 })
  assert.deepEqual(own.body.data.fields.map((one: any) => one.value), [EMAIL.value, NAME.value])
  const [first] = own.body.accesses
  assert.deepEqual([first.actor, first.role, first.origin, first.why, first.fields], ['desk', 'operator', 'http', 'a complaint', ['email']])
  const asked = await service.ask('GET', '/parties/c42/export?why=a%20court%20asked', { token: OPERATOR })
  const by = asked.body.accesses.filter((one: any) => one.actor === 'c42')
  assert.ok(by.length > 0 && by.every((one: any) => one.role === 'customer' && one.why === 'asked by the customer'))
  const page = await service.ask('GET', '/parties/c42/export', { token: C42, headers: { accept: 'text/html' } })
  assert.ok(page.body.startsWith('<!doctype html>') && page.body.includes(EMAIL.value) && page.body.includes('a court asked'))
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  for (const [token, query] of [[OPERATOR, ''], [OPERATOR, '?why='], [C42, '?why=curious'], [C42, '?page=1']] as const) {
    assert.equal((await service.ask('GET', `/parties/c42/export${query}`, { token })).status, 400, query)
  }
})

test('what a posting says in words is sealed', async () => {
  const description = `school fees of ${CANARY}`
  const pay = (path: string, token: string, key: string, body: object) => service.ask('POST', path, { token, key, body: { amount: '1.00 ZAR', ...body } })
  const cases: [string, string, object][] = [
    ['/deposits', OPERATOR, { account: 'c42:ZAR' }], ['/withdrawals', C42, { account: 'c42:ZAR' }],
    ['/transfers', C42, { from: 'c42:ZAR', to: 'c77:ZAR' }], ['/holds', C42, { account: 'c42:ZAR', to: 'c77:ZAR' }],
  ]
  for (const [path, token, body] of cases) {
    assert.equal((await pay(path, token, 'words', { ...body, description })).status, 201, path)
    assert.equal((await pay(path, token, 'words', { ...body, description })).status, 200, path)
    const other = await pay(path, token, 'words', { ...body, description: 'other words' })
    assert.deepEqual([other.status, other.body.outcome.status], [422, 'exists_with_different_detail'], path)
    for (const wrong of ['', 'ä'.repeat(513), 7, null]) {
      const told = await pay(path, token, 'wrong', { ...body, description: wrong })
      assert.deepEqual([told.status, told.body.field], [400, 'description'], path)
    }
  }
  assert.equal((await pay('/deposits', OPERATOR, 'long', { account: 'c42:ZAR', description: 'ä'.repeat(512) })).status, 201)
  const { data } = (await service.ask('GET', '/parties/c42/export', { token: C42 })).body
  const told = data.details.filter((one: any) => one.description === description).map((one: any) => one.transfer)
  assert.deepEqual(told.sort(), ['dep/c42/words', 'hold/c42/words', 'tr/c42/words', 'wd/c42/words'])
  // It is the payer's, and there is nobody to whom words of c77 could be sealed.
  for (const [path, token, body] of [['/deposits', OPERATOR, { account: 'c77:ZAR' }], ['/withdrawals', C77, { account: 'c77:ZAR' }]] as const) {
    const refused = await pay(path, token, 'nobody', { ...body, description })
    assert.deepEqual([refused.status, refused.body.field], [400, 'description'])
    assert.equal((await pay(path, token, 'nobody', body)).status, 201, 'the key was used')
  }
})

test('values are seen nowhere else', async () => {
  const told: Answered[] = []
  for (const fields of [
    CANARY, [CANARY], { email: CANARY }, { email: [CANARY] }, { email: { ...EMAIL, value: [CANARY] } }, { email: { ...EMAIL, value: { [CANARY]: CANARY } } },
    { email: { ...EMAIL, value: `${CANARY} ${'x'.repeat(2_100)}` } }, { email: { ...EMAIL, identifier: CANARY } }, { email: { ...EMAIL, basis: CANARY } },
    { email: { ...EMAIL, purpose: `to ${CANARY}` } }, { [`${CANARY}@example.com`]: EMAIL }, { email: { ...EMAIL, [`${CANARY}@example.com`]: 1 } },
    { email: { ...EMAIL, years: 3 } }, { email: { ...EMAIL, years: CANARY } }, { email: { value: CANARY } }, { email: { ...EMAIL, value: CANARY } },
    { iban: { ...EMAIL, identifier: 'iban' } }, { phone: { ...EMAIL, identifier: 'phone' } }, { email: { ...EMAIL, value: `${CANARY}\u0000\ud800` } }, {},
    { email: { ...EMAIL, retention: `of ${CANARY}` } }, { email: { ...EMAIL, retention: 'kyc' } },
    Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`f${n}`, EMAIL])),
    Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`f${n}`, { ...EMAIL, value: `${CANARY} ${'x'.repeat(2_000)}` }])),
  ]) {
    told.push(await put(fields))
    assert.equal(told.at(-1)?.status, 400, JSON.stringify(fields))
  }
  const ask = (method: string, path: string, asked: object): Promise<unknown> =>
    service.ask(method, path, { token: OPERATOR, ...asked }).then((answered) => told.push(answered))
  await ask('PUT', '/parties/c42/data', { raw: `{"fields":{"email":{"value":${CANARY}@example.com}}}` })
  await ask('PUT', '/parties/c42/data', { raw: `{"fields":{"email":{"value":"${CANARY}"` })
  await ask('PUT', '/parties/c42/data', { raw: JSON.stringify({ fields: { email: { ...EMAIL, value: CANARY.repeat(1_000) } } }) })
  await ask('PUT', '/parties/c42/data', { body: { fields: { name: { ...NAME, basis: 'consent', years: undefined } } } })
  await ask('POST', '/parties/find', { body: { identifier: 'iban', value: CANARY } })
  await ask('POST', '/parties/find', { body: { identifier: CANARY, value: CANARY } })
  await ask('POST', '/parties/find', { body: { identifier: 'email', value: [CANARY] } })
  await ask('POST', '/deposits', { key: 'x', body: { account: 'c42:ZAR', amount: '1.001 ZAR', description: CANARY } })
  for (const { status, body } of told) {
    assert.ok(status >= 400)
    assert.ok(!shows(body), JSON.stringify(body))
  }
  for (const path of ['/parties/c42', '/accounts/c42:ZAR/history', '/accounts/c42:ZAR/statement', '/accounts/c42:ZAR/holds', '/metrics', '/health']) {
    const { status, body } = await service.ask('GET', path, { token: OPERATOR })
    assert.ok(status === 200 && !shows(body), path)
  }
  const { entries } = (await service.ask('GET', '/accounts/c42:ZAR/history', { token: C42 })).body
  const { id } = await party('c42')
  assert.deepEqual(entries.filter((one: any) => one.subject).map((one: any) => [one.description, one.subject]).at(-1), ['', id])
  assert.ok(!shows(service.running.log()))
})

test('a party is amended', async () => {
  const amend = (body: object) => service.ask('PATCH', '/parties/c42', { token: OPERATOR, body })
  const done = await amend({ kycLevel: 2, risk: 'low' })
  assert.deepEqual([done.status, done.body.replayed, (await amend({ kycLevel: 2 })).body.replayed], [200, false, true])
  const { kycLevel, risk, ended } = await party('c42')
  assert.deepEqual([kycLevel, risk, ended], [2, 'low', undefined])
  for (const [body, field] of [
    [{}, undefined], [{ kycLevel: 256 }, 'kycLevel'], [{ kycLevel: '2' }, 'kycLevel'], [{ risk: 'none' }, 'risk'], [{ ended: 'soon' }, 'ended'],
    [{ ended: 2026 }, 'ended'], [{ flags: [] }, 'flags'],
  ] as const) {
    const told = await amend(body)
    assert.deepEqual([told.status, told.body.field], [400, field], JSON.stringify(body))
  }
})

test('what may not be forgotten yet is refused with the reason, and then forgotten', async () => {
  const forget = (token: string, query = '') => service.ask('DELETE', `/parties/c42/data${query}`, { token })
  const hold = (body: object) => service.ask('POST', '/parties/c42/holds', { token: OPERATOR, body })
  const lift = () => service.ask('DELETE', '/parties/c42/holds/case-7', { token: OPERATOR })
  const refused = async (asked: Promise<Answered>, status: string, reason: RegExp): Promise<void> => {
    const { status: http, body } = await asked
    assert.deepEqual([http, body.outcome?.status, body.outcome?.reason], [422, status, body.detail])
    assert.match(body.detail, reason)
  }
  for (const [body, field] of [[{}, 'name'], [{ name: 'Case 7' }, 'name'], [{ name: 'x', until: 'soon' }, 'until'], [{ name: 'x', reason: '' }, 'reason']] as const) {
    const told = await hold(body)
    assert.deepEqual([told.status, told.body.field], [400, field])
  }
  assert.equal((await hold({ name: 'case-7', until: '2999-12-31', reason: 'a court asked' })).status, 201)
  assert.equal((await hold({ name: 'case-7', until: '2999-12-31', reason: 'a court asked' })).status, 200)
  assert.deepEqual((await party('c42')).holds.map((one: any) => [one.name, one.until]), [['case-7', '2999-12-31']])
  await refused(forget(C42), 'legal_hold_in_force', /case-7.*2999-12-31/)
  assert.deepEqual([(await lift()).status, (await lift()).status], [200, 404])

  assert.equal((await forget(C42)).status, 200)
  const [left, ...more] = (await service.ask('POST', '/parties/c42/data/read', { token: OPERATOR, body: { why: 'what is left' } })).body.fields
  assert.deepEqual([left.value, more], [NAME.value, []])
  const found = await service.ask('POST', '/parties/find', { token: OPERATOR, body: { identifier: 'email', value: EMAIL.value } })
  assert.deepEqual(found.body.parties, [])
  await refused(put({ email: EMAIL }, C42), 'party_was_forgotten', /forgotten/)

  for (const query of ['', '?scope=some', '?all=1']) assert.equal((await forget(OPERATOR, query)).status, 400, query)
  await refused(forget(OPERATOR, '?scope=all'), 'relationship_has_not_ended', /relationship/)
  const end = (ended: string) => service.ask('PATCH', '/parties/c42', { token: OPERATOR, body: { ended } })
  assert.equal((await end('2026-01-31')).status, 200)
  await refused(forget(OPERATOR, '?scope=all'), 'retention_has_not_passed', /2031-01-31/)
  assert.equal((await end('2010-01-31')).status, 200)
  for (const replayed of [false, true]) assert.equal((await forget(OPERATOR, '?scope=all')).body.replayed, replayed)

  const { party: kept, data } = (await service.ask('GET', '/parties/c42/export', { token: C42 })).body
  assert.deepEqual([kept.forgotten.scope, kept.fields, data.fields, data.details], ['all', [], [], []])
  const deposit = (key: string) =>
    service.ask('POST', '/deposits', { token: OPERATOR, key, body: { account: 'c42:ZAR', amount: '1.00 ZAR', description: `school fees of ${CANARY}` } })
  await refused(deposit('after'), 'subject_was_forgotten', /forgotten/)
  // What was booked stays booked, and a retry of it is told so.
  assert.equal((await deposit('words')).status, 200)
})

test('what was sealed is there after a restart, and the key is needed', async () => {
  assert.equal((await register('c77', 'company')).status, 201)
  assert.equal((await put({ phone: { value: '+27 82 000 0000', purpose: 'contact', identifier: 'phone' } }, C77, 'c77')).status, 200)
  assert.equal(await service.running.end('SIGTERM'), 0)
  const told = server(service.data)
  assert.deepEqual([told.status, /is encrypted: give the key/.test(told.stderr)], [1, true], told.stderr)
  await service.start(['--key-file', join(service.folder, 'key')])
  const found = await service.ask('POST', '/parties/find', { token: OPERATOR, body: { identifier: 'phone', value: '+27820000000' } })
  assert.deepEqual(found.body.parties.map((one: { key: string }) => one.key), ['c77'])
})

test('without a key all else goes on', async () => {
  const plain = new Service()
  try {
    await plain.start()
    await plain.prepare()
    const ask = (method: string, path: string, body?: object) => plain.ask(method, path, { token: OPERATOR, body })
    assert.equal((await ask('POST', '/parties', { customer: 'c42', kind: 'person' })).status, 201)
    assert.equal((await ask('PATCH', '/parties/c42', { risk: 'high' })).status, 200)
    assert.deepEqual((await ask('GET', '/parties/c42')).body.accounts, [{ account: 'c42:ZAR', role: 'owner' }])
    assert.equal((await ask('POST', '/parties/c42/holds', { name: 'case-7' })).status, 201)
    assert.equal((await ask('PUT', '/retentions/kyc', { years: 5 })).status, 200)
    for (const [method, path, body] of [
      ['PUT', '/parties/c42/data', { fields: { email: EMAIL } }], ['POST', '/parties/c42/data/read', { why: 'x' }], ['DELETE', '/parties/c42/data?scope=all'],
      ['GET', '/parties/c42/export?why=x'], ['POST', '/parties/find', { identifier: 'email', value: EMAIL.value }],
    ] as const) {
      const told = await ask(method, path, body)
      assert.deepEqual([told.status, told.body.type], [501, '/docs#no-key'], `${method} ${path}`)
      assert.match(told.body.detail, /without a key/)
    }
    const words = { account: 'c42:ZAR', amount: '1.00 ZAR', description: CANARY }
    const refused = await plain.ask('POST', '/deposits', { token: OPERATOR, key: 'words', body: words })
    assert.deepEqual([refused.status, refused.body.field], [400, 'description'])
    assert.ok(!shows(refused.body))
    // A key that is named later would seal nothing, and nobody would know.
    assert.equal(await plain.running.end('SIGTERM'), 0)
    const late = server(plain.data, await newKey(join(plain.folder, 'key')))
    assert.deepEqual([late.status, /key-file: the ledger was made without a key/.test(late.stderr)], [1, true], late.stderr)
  } finally {
    await plain.stop()
  }
})

/** A server that is expected not to start. */
function server(data: string, key?: string) {
  return spawnSync(process.execPath, [join(__dirname, '..', 'src', 'server.js'), '--port', '0', '--data', data], {
    env: { PATH: process.env.PATH, TOKENS: JSON.stringify(TOKENS), ...(key === undefined ? {} : { KEY_FILE: key }) }, encoding: 'utf8', timeout: 20_000,
  })
}
