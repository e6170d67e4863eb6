// A policy in the hands of a Node programmer.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { InvalidError, Money, Policy, PolicyError, ThaliumError, Timestamp, UndecidedError, codes } from 'thalium'

const POLICIES = join(__dirname, '../../../examples/policies')
const NOW = '2026-01-01T00:00:00Z'

const input = (name: string): unknown => JSON.parse(readFileSync(join(POLICIES, `inputs/${name}.json`), 'utf8'))
const of = (rules: string, data: object = {}): Policy => Policy.of({ 'a/a.rego': `package a\n\n${rules}\n`, 'a/data.json': data })
const seen = of('seen := input\n\njson_text := json.marshal(input)\n\nis_exact if input.amount * 100 == 1999')

test('the example policies decide', async () => {
  const policy = await Policy.open(POLICIES)
  for (const [name, outcome] of [['access', 'allow'], ['aml', 'review'], ['security', 'review'], ['trading', 'allow']] as const) {
    assert.equal(policy.decide(`${name}/verdict`, input(name), { now: NOW }).outcome, outcome, name)
    const verdict = policy.decide(`${name}/verdict`, {}, { now: NOW })
    assert.equal(verdict.outcome, 'deny', name)
    assert.ok(verdict.reasons.length > 0 && Object.isFrozen(verdict) && Object.isFrozen(verdict.reasons), name)
  }
  const { digest, rules } = policy.describe()
  assert.match(digest, /^[0-9a-f]{64}$/)
  assert.ok(rules.some(({ name, makes, file }) => name === 'data.aml.verdict' && makes === 'value' && file === 'aml/aml.rego'))
  const told = await policy.test({ only: 'trading', now: NOW })
  assert.ok(told.passed > 0 && told.failed === 0 && told.tests.every(({ outcome }) => outcome === 'passed'))
})

test('what has to be done is typed', () => {
  const policy = of(`verdict := {"outcome": "review", "obligations": [
    {"type": "freeze", "until": time.format(time.now_ns())}, {"type": "hold", "seconds": input.seconds}]}`)
  const { obligations, reasons } = policy.decide<{ seconds: bigint }>('a/verdict', { seconds: 86_400n }, { now: new Date(NOW) })
  assert.deepEqual(reasons, [])
  assert.deepEqual(obligations.map(({ type }) => type), ['freeze', 'hold'])
  assert.equal(obligations[0]?.until?.compare(Timestamp.parse(NOW)), 0)
  assert.equal(obligations[1]?.seconds, 86_400)
  // A verdict's numbers are no less exact than others.
  assert.throws(() => policy.decide('a/verdict', { seconds: 2n ** 53n + 1n }), { code: 'undecided', message: /9007199254740993.*no permission/s })
})

test('an instant is given as elsewhere', () => {
  const policy = of('now := time.now_ns()\n\nat := format_int(now, 10)')
  const at = '1767225600000000007'
  for (const now of [at, new Timestamp(BigInt(at)), '2026-01-01T00:00:00.000000007Z']) assert.equal(policy.evaluate('a/at', undefined, { now }), at)
  assert.equal(policy.evaluate('a/at', undefined, { now: new Date(NOW) }), '1767225600000000000')
  assert.throws(() => policy.evaluate('a/at', undefined, { now: 'noon' }), { code: 'invalid', field: 'now' })
  assert.throws(() => policy.evaluate('a/at', undefined, { now: 0 as never }), TypeError)
})

test('numbers of an input are exact', () => {
  const text = (value: unknown): unknown => seen.evaluate('a/json_text', value)
  assert.equal(text({ n: 2n ** 127n, m: -1n }), '{"m":-1,"n":170141183460469231731687303715884105728}')
  assert.equal(text([0, -1, 0.1, 1e-7, 2 ** 53 - 1]), '[0,-1,0.1,1e-7,9007199254740991]')
  assert.equal(seen.evaluate('a/is_exact', { amount: 19.99 }), true)
  assert.equal(text([123456789012.345, 0.00000123456789012345]), '[123456789012.345,0.00000123456789012345]')
  for (const rounded of [0.1 + 0.2, 1234567890123.4568, -12345678901234.561]) {
    assert.throws(() => text([rounded]), { name: 'RangeError', message: /input\[0\].*may have been rounded/ })
  }
  assert.deepEqual(seen.evaluate('a/seen', { money: Money.of('250.00', 'ZAR'), at: Timestamp.parse(NOW), day: new Date(NOW) }), {
    money: '250.00 ZAR', at: '2026-01-01T00:00:00.000000000Z', day: '2026-01-01T00:00:00.000Z',
  })
  for (const value of [NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 60), 1e300]) {
    assert.throws(() => text({ party: { limits: [1, value] } }), { name: 'RangeError', message: /^input\.party\.limits\[1\]: / })
  }
})

test('numbers of an answer are exact or refused', () => {
  const numbers = (list: string): unknown => of(`x := ${list}`).evaluate('a/x')
  assert.deepEqual(numbers('[0, -1, 0.1, 19.99, 1.50, 1e3, 9007199254740991, -9007199254740991, 0.0000001]'), [
    0, -1, 0.1, 19.99, 1.5, 1000, 9007199254740991, -9007199254740991, 1e-7,
  ])
  const held = ['9007199254740992', '9007199254740993', '-9007199254740993', '0.10000000000000000001', '123456789012.123456789', '1e30', '1e-400']
  for (const one of held) {
    assert.throws(() => numbers(`{"a": [${one}]}`), { name: 'UndecidedError', code: 'undecided', message: /as text/ }, one)
    assert.throws(() => of('y := 1').query(`x := ${one}`), UndecidedError, one)
  }
  // What looks like a number in a text or a name is none.
  assert.deepEqual(numbers('{"9007199254740993": "a \\" 9007199254740993 \\\\"}'), { '9007199254740993': 'a " 9007199254740993 \\' })
  assert.equal(of('x := sprintf("%v", [9007199254740993])').evaluate('a/x'), '9007199254740993')
})

test('what is undefined, null and false are three things', () => {
  const policy = of('none := null\n\nno := false\n\nnever if false')
  assert.deepEqual(['a/none', 'a/no', 'a/never'].map((path) => policy.evaluate(path)), [null, false, undefined])
  assert.deepEqual(policy.query('input == null', null), [{}])
  assert.deepEqual(policy.query('input == null'), [])
  assert.deepEqual(seen.evaluate('a/seen', { there: 1, not: undefined, list: [undefined, null] }), { there: 1, list: [null, null] })
  const verdict = policy.decide('a/never')
  assert.deepEqual([verdict.outcome, verdict.reasons[0]?.code], ['deny', 1002])
})

test('an answer is explained', () => {
  const policy = of(`verdict := {"outcome": "allow"} if {
    print("asked by", input.user)
    input.role == "teller"
    input.amount <= data.a.limit
}`, { limit: 9007199254740993n })
  const asked = { user: 'zodwa', role: 'teller', amount: 2n ** 53n }
  const why = policy.explain('a/verdict', asked, { now: NOW })
  // The answer and the values are text, to the digit.
  assert.deepEqual([why.defined, JSON.parse(why.result!), why.cut, why.error], [true, { outcome: 'allow' }, false, undefined])
  assert.match(why.said, /asked by zodwa/)
  assert.match(why.text, /held: input\.role == "teller".*\(a\/a\.rego:5\)/)
  assert.ok(why.text.includes('9007199254740992') && why.text.includes('9007199254740993'), why.text)
  assert.ok(why.steps.every(({ file, row, depth }) => file === 'a/a.rego' && row > 0 && depth >= 0) && Object.isFrozen(why.steps))
  const failed = policy.explain('a/verdict', { ...asked, role: 'guest' }, { withoutValues: true, steps: 10 })
  assert.deepEqual([failed.defined, failed.result, failed.said], [false, undefined, ''])
  assert.ok(failed.steps.some(({ became, row }) => became === 'failed' && row === 5))
  assert.ok(!failed.text.includes('guest'), failed.text)
  assert.equal(policy.explain('a/verdict', asked, { steps: 1 }).cut, true)
  // Why there is no answer is told, and is no error.
  assert.match(of('x := 1 / input.by').explain('a/x', { by: 0 }, { strict: true }).error!, /a\.rego:3/)
  assert.throws(() => policy.explain('a/verdikt'), { code: 'invalid', field: 'path' })
  assert.throws(() => policy.explain('a/verdict', {}, { setps: 1 } as never), { code: 'invalid' })
  assert.throws(() => policy.explain('a/verdict', { amount: 1e300 }), RangeError)
  assert.throws(() => policy.explain(undefined as never), TypeError)
})

test('a rule becomes a condition in SQL', () => {
  const policy = of(`visible if input.row.owner == input.user

visible if {
    input.row.branch in input.branches
    input.row.balance < data.a.limit
}

sum if input.row.balance + 1 == 2`, { limit: 9007199254740993n })
  const columns = {
    owner: { type: 'text', sql: 'owner_id' }, branch: { type: 'text', nullable: true }, balance: { type: 'number' },
  } as const
  const rows = policy.filter('a/visible', { user: 'zodwa', branches: ['north', 'south'] }, { columns, alias: 'a', firstParameter: 2, now: NOW })
  assert.equal(rows.rows, 'some')
  assert.match(rows.sql, /"?a"?\."?owner_id"? = \$\d::text/)
  assert.deepEqual(new Set(rows.parameters.map(({ text, texts }) => text ?? texts?.join())), new Set(['zodwa', 'north,south', '9007199254740993']))
  const numbers = [...rows.sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number))
  assert.deepEqual([Math.min(...numbers), Math.max(...numbers)], [2, 1 + rows.parameters.length])
  // What is asked is exact as well.
  const big = of('visible if input.row.balance == input.n').filter('a/visible', { n: 2n ** 70n }, { columns })
  assert.deepEqual(big.parameters.map(({ text }) => text), [String(2n ** 70n)])
  assert.equal(of('visible if input.user == "zodwa"').filter('a/visible', { user: 'zodwa' }, { columns }).rows, 'all')
  assert.equal(of('visible if input.user == "zodwa"').filter('a/visible', {}, { columns }).rows, 'none')
  assert.equal(of('visible if input.account.owner == "x"').filter('a/visible', {}, { columns, row: 'input.account' }).rows, 'some')
  const wrong: [() => unknown, string, string | undefined][] = [
    [() => policy.filter('a/sum', {}, { columns }), 'unsupported', 'path'],
    [() => policy.filter('a/visibel', {}, { columns }), 'invalid', 'path'],
    [() => policy.filter('a/visible', { user: 'zodwa' }, { columns, firstParameter: 0 }), 'invalid', 'first_parameter'],
    [() => policy.filter('a/visible', {}, { columns: { owner: { type: 'float' as never } } }), 'invalid', undefined],
    [() => policy.filter('a/visible', { row: {} }, { columns }), 'invalid', 'input'],
    [() => policy.filter('a/visible', {}, { columns, strict: true } as never), 'invalid', undefined],
  ]
  for (const [call, code, field] of wrong) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof ThaliumError, String(error))
      assert.deepEqual([error.code, error.field], [code, field], error.message)
      return true
    })
  }
})

test('what is probably wrong is found', () => {
  const findings = of('import data.b.c\n\nx if { true; input.y }').lint()
  assert.ok(findings.some(({ id, file, row, message, hint }) => id === 'unused-import' && file === 'a/a.rego' && row === 3 && message && hint), JSON.stringify(findings))
  assert.ok(Object.isFrozen(findings))
  assert.deepEqual(of('x if input.y').lint(), [])
})

test('two versions are compared', async () => {
  const before = of('x if input.y\n\nz := data.a.limit', { limit: 9007199254740993n })
  const next = { 'a/a.rego': 'package a\n\nx if input.y == 1\n\nz := data.a.limit\n\nnew := 1\n', 'a/data.json': { limit: 9007199254740995n } }
  const diff = await before.diff(next)
  assert.deepEqual([diff.empty, diff.same], [false, false])
  assert.deepEqual([diff.before.digest, diff.after.digest], [before, Policy.of(next)].map((policy) => policy.describe().digest))
  assert.deepEqual(diff.rules.map(({ path, change }) => [path, change]), [['data.a.new', 'added'], ['data.a.x', 'changed']])
  // What a document holds is text, to the digit.
  const [row] = diff.documents
  assert.deepEqual([row?.pointer, row?.change, row?.before, row?.after], ['/a/limit', 'changed', '9007199254740993', '9007199254740995'])
  assert.ok(Object.isFrozen(diff) && Object.isFrozen(diff.rules))
  const examples = await Policy.open(POLICIES)
  assert.deepEqual([(await examples.diff(POLICIES)).empty, (await examples.diff(next)).same], [true, false])
  await assert.rejects(examples.diff({ 'a.rego': 'package a\n\nx := \n' }), { name: 'PolicyError', code: 'policy' })
  await assert.rejects(examples.diff('/nowhere/at/all'), { code: 'io' })
  await assert.rejects(examples.diff(POLICIES, { keys: [] }), PolicyError)
  await assert.rejects(examples.diff(POLICIES, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  await assert.rejects(examples.diff(5 as never), TypeError)
  await assert.rejects(examples.diff(POLICIES, { onyl: 'x' } as never), { code: 'invalid' })
})

test('which rows the tests ran', async () => {
  const policy = Policy.of({
    'a.rego': 'package a\n\nx if input.y\n\nz if input.z\n', 'a_test.rego': 'package a_test\n\ntest_x if data.a.x with input as {"y": true}\n',
  })
  const { coverage, passed } = await policy.test({ coverage: true })
  assert.equal(passed, 1)
  assert.ok(coverage && coverage.basisPoints! > 0 && coverage.basisPoints! < 10_000)
  const [file] = coverage.files.filter(({ file }) => file === 'a.rego')
  assert.deepEqual([file?.covered, file?.notCovered], [[{ first: 3, last: 3 }], [{ first: 5, last: 5 }]])
  assert.equal((await policy.test()).coverage, undefined)
})

test('errors have a code, and are no permission', async () => {
  const policy = of('one := 1\n\none := 2\n\nwrong := {"outcome": "perhaps"}\n\ndivided := 1 / input.by')
  const cases: [() => unknown, typeof ThaliumError, string, string | undefined][] = [
    [() => policy.decide('a/one'), UndecidedError, 'undecided', undefined],
    [() => policy.decide('a/wrong'), UndecidedError, 'undecided', undefined],
    [() => policy.decide('a/divided', { by: 0 }, { strict: true }), UndecidedError, 'undecided', undefined],
    [() => policy.decide('a/verdikt'), InvalidError, 'invalid', 'path'],
    [() => policy.decide('a/one', {}, { now: 'noon' }), InvalidError, 'invalid', 'now'],
  ]
  for (const [call, kind, code, field] of cases) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof kind, String(error))
      assert.deepEqual([error.code, error.field, error.name], [code, field, kind.name])
      assert.match(error.message, /no permission: deny$/)
      return true
    })
  }
  assert.equal(policy.decide('a/divided', { by: 0 }).outcome, 'deny')
  assert.throws(() => policy.query('x :='), { code: 'invalid', field: 'query' })
  assert.throws(() => Policy.of({ 'a.rego': 'package a\n\nx := \n' }), { name: 'PolicyError', code: 'policy', message: /a\.rego/ })
  await assert.rejects(Policy.open('/nowhere/at/all'), { code: 'io' })
  assert.ok(codes().has('policy') && codes().has('undecided'))
})

test('a bundle is signed by a key that is given', async () => {
  const keys = [{ id: 'ops', algorithm: 'HS256', key: 'a secret of the operators' }]
  await assert.rejects(Policy.open(POLICIES, { keys }), PolicyError)
  assert.throws(() => Policy.of({ 'a.rego': 'package a' }, { keys }), PolicyError)
  assert.throws(() => Policy.of({ 'a.rego': 'package a' }, { keys: [] }), PolicyError)
})

test('misuse is an error', async () => {
  await assert.rejects(Policy.open(5 as never), TypeError)
  for (const files of [undefined, null, 'package a', new Map(), [], { 'a.rego': Buffer.from('package a') }, { 'a.rego': 5 }]) {
    assert.throws(() => Policy.of(files as never), TypeError)
  }
  for (const path of [undefined, 5, null]) {
    assert.throws(() => seen.decide(path as never), TypeError)
    assert.throws(() => seen.evaluate(path as never), TypeError)
    assert.throws(() => seen.query(path as never), TypeError)
  }
  // None of these is what it would be written as.
  for (const value of [new Map(), new Set(), Promise.resolve({}), Buffer.from('x'), new Uint8Array(1), () => 1, Symbol('x'), new Number(1), /x/]) {
    assert.throws(() => seen.decide('a/seen', { party: value }), { name: 'TypeError', message: /^input\.party: / })
  }
  assert.throws(() => seen.evaluate('a/seen', { at: new Date(NaN) }), RangeError)
  const loop: Record<string, unknown> = {}
  loop.again = [loop]
  assert.throws(() => seen.evaluate('a/seen', loop), { code: 'invalid', field: 'input' })
  assert.throws(() => seen.evaluate('a/seen', {}, { stirct: true } as never), { code: 'invalid' })
  assert.throws(() => seen.decide('a/seen', {}, { stirct: true } as never), { code: 'invalid' })
  await assert.rejects(seen.test({ onyl: 'x' } as never), { code: 'invalid' })
})

test('tests run off the event loop', async () => {
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  const policy = await Policy.open(POLICIES)
  const told = await policy.test({ now: NOW })
  clearInterval(ticking)
  assert.ok(turns > 0)
  assert.deepEqual([told.failed, told.passed], [0, told.tests.length - told.skipped])
  await assert.rejects(policy.test({ signal: AbortSignal.abort() }), { name: 'AbortError' })
})
