// The vectors of core/vectors through Node's own surface.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import {
  Chart, type ChartSession, type ChartStep, type Filtering, Money, Policy, type PolicyKey, Thalium, ThaliumError, Timestamp, type Verdict, commands, operations,
} from 'thalium'
import * as thalium from 'thalium'
import { importBallerine, importRules, lintCases, readCallback, readMrz, scoreRisk } from 'thalium/kyc'

const FOLDER = process.env.THALIUM_VECTORS ?? join(__dirname, '../../../core/vectors')
const POLICIES = readdirSync(join(FOLDER, 'policy')).filter((name) => name.endsWith('.json')).sort()
const CHARTS = readdirSync(join(FOLDER, 'charts')).filter((name) => name.endsWith('.json')).sort()
const DECISIONS = readdirSync(join(FOLDER, 'decisions')).filter((name) => name.endsWith('.json')).sort()
const CASES = readdirSync(join(FOLDER, 'cases')).filter((name) => name.endsWith('.json')).sort()
const BESIDE = [...DECISIONS.map((name) => `decisions/${name}`), ...CASES.map((name) => `cases/${name}`)]
const FILES = [...readdirSync(FOLDER).filter((name) => name.endsWith('.json')).sort(), ...BESIDE]
const WORDED = new Set(['reason', 'message'])
// Their answers are of this machine and this run; ledger.test.ts has them.
const OF_THE_MACHINE: Record<string, keyof Thalium> = {
  health: 'health', metrics: 'metrics', drain: 'drain', rotate_keys: 'rotateKeys', rewrap_keys: 'rewrapKeys', check_keys: 'checkKeys',
  export_table: 'accounts', import_tables: 'importTables', import_blnk: 'importBlnk',
  party_page: 'parties', rotate_subject_keys: 'rotateSubjectKeys', check_subject_keys: 'checkSubjectKeys',
}
const OF_FILES: Record<string, keyof typeof thalium> = {
  backup: 'backup', restore: 'restore', rehearse: 'rehearse', verify: 'verify', inspect: 'inspect', upgrade: 'upgrade', new_key: 'newKey',
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Fields = { [name: string]: any }
interface Step { call: Fields; answer?: Json; failure?: Json }
interface Bundle { path?: string; files?: Record<string, string>; keys?: PolicyKey[] }
interface PolicyVector { open?: Bundle; steps?: Step[]; refused?: { open: Bundle; failure: Json }[] }
interface OpenedChart { path?: string; text?: string; policy?: Bundle; [option: string]: any }
interface ChartVector { open?: OpenedChart; steps?: Step[]; refused?: { open: OpenedChart; failure: Json }[] }
interface Vector { tenant?: string; seed?: string; steps: Step[]; end: Json }

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
const camelFields = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel(name), value]))

// A command as it would be typed; what the vectors say wrongly on purpose stays as it is.
function typed(command: Fields): any {
  const { op, ...fields } = command
  const make = (commands as Fields)[camel(op)]
  const told = camelFields(fields)
  for (const name of ['userData64']) if (typeof told[name] === 'number') told[name] = BigInt(told[name])
  return make(told)
}

// What is null is not there.
const given = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
const isText = (value: unknown): boolean => value === null || typeof value === 'string'

async function ingest(t: any, { rollup, trades, ...context }: Fields): Promise<unknown> {
  const isTyped = trades.every((row: any) => typeof row === 'object' && row !== null && Object.values(row).every(isText))
  // What is no text is refused before it is sent; the vectors send it.
  return isTyped ? t.rollups.ingest(rollup, trades, camelFields(context)) : t.ask(raw({ op: 'ingest_trades', rollup, trades, ...context }))
}

// How each operation is called in Node: one that is missing here fails.
const SURFACE: Record<string, (t: any, call: Fields) => Promise<unknown>> = {
  submit: (t, { commands: batch, ...context }) => t.submit(batch.map(typed), camelFields(context)),
  list_assets: (t, call) => t.assets.list(call),
  get_account: (t, { name, ...rest }) => t.accounts.get(name, rest),
  list_accounts: (t, call) => t.accounts.page(call),
  get_transfer: (t, { name }) => t.transfers.get(name),
  get_transaction: (t, { name }) => t.transfers.ofTransaction(name),
  list_transfers: (t, call) => t.transfers.page(camelFields(call)),
  list_holds: (t, { account, ...rest }) => t.holdsPage(account, rest),
  sync: async (t, { customer, accounts, payees, request, ...context }) => JSON.parse(await t.sync({ customer, accounts, payees, request }, camelFields(context))),
  history: (t, { account, ...rest }) => t.historyPage(account, camelFields(rest)),
  statement: (t, { account, ...rest }) => t.statement(account, rest),
  balance_history: (t, { account, ...rest }) => t.balanceHistory(account, given(rest)),
  volumes: (t, call) => t.volumes(given(call)),
  trial_balance: (t, call) => t.trialBalance(call),
  root: (t) => t.root(),
  check: (t) => t.check(),
  stats: (t) => t.stats(),
  get_party: (t, { name }) => t.parties.get(name),
  list_parties: (t, call) => t.parties.page(call),
  list_holders: (t, { account }) => t.parties.holders(account),
  list_grants: (t) => t.parties.grants(),
  list_retentions: (t) => t.parties.retentions(),
  read_data: (t, { party, fields, transfers, accounts, why, ...context }) => t.parties.read({ party, fields, transfers, accounts, why }, camelFields(context)),
  export_party: (t, { party, fields, why, ...context }) => t.parties.export({ party, fields, why }, camelFields(context)),
  find_parties: (t, { identifier, value }) => t.parties.find(identifier, value),
  make_tokens: async (t, call) => (await t.parties.tokens(call)).map((one: unknown) => one ?? null),
  mask_digits: async (t, call) => (await t.parties.mask(call)).map((one: unknown) => one ?? null),
  access_log: (t, call) => t.parties.accessLog(call),
  define_rollup: (t, call) => t.rollups.define(camelFields(call)),
  drop_rollup: (t, { name }) => t.rollups.drop(name),
  list_rollups: (t) => t.rollups.list(),
  ingest_trades: ingest,
  correct_trade: (t, { rollup, trade, ...context }) => t.rollups.correct(rollup, trade, context),
  remove_trade: (t, { rollup, ...place }) => t.rollups.remove(rollup, place),
  advance_rollup: (t, { rollup, ...context }) => t.rollups.advance(rollup, context),
  klines: (t, { symbol = '', width, ...rest }) => t.klines(symbol, width, given(rest)),
  list_symbols: (t, { rollup, ...rest }) => t.rollups.symbolsPage(rollup, rest),
  rollup_changes: (t, { rollup, ...rest }) => t.rollups.changes(rollup, rest),
  load_policy: (t, { bundle: { path, files, keys }, ...rest }) => t.loadPolicy(path ?? files, { ...camelFields(rest), keys }),
  roll_back_policy: (t, call) => t.rollBackPolicy(call),
  drop_policy: (t, call) => t.dropPolicy(call),
  list_policies: (t) => t.listPolicies(),
  decide_on_record: async (t, { path, input, ...how }) => {
    const { verdict, ...rest } = await t.decide(path, input, camelFields(how))
    return { ...rest, verdict: shortened(verdict) }
  },
  list_decisions: (t, { open, ...rest }) => t.listDecisions({ ...camelFields(rest), ...(open == null ? {} : { open: camelFields(open) }) }),
  replay_decisions: (t, { bundle: { path, files, keys }, ...rest }) => t.replayDecisions(path ?? files, { ...camelFields(rest), keys }),
  define_cases: (t, { kind, charts, ...rest }) => t.cases.define(kind, charts, rest),
  list_kinds: (t) => t.cases.kinds(),
  set_staff: (t, { person, roles, ...rest }) => t.cases.setStaff(person, roles, rest),
  list_staff: (t) => t.cases.staff(),
  change_case: async (t, { case: key, change: { do: what, ...change }, data, ...context }) =>
    texts(await CHANGES[what]!(t.cases, key, camelFields(change), data, camelFields(context))),
  advance_cases: async (t, call) => texts(await t.cases.advanceAll(call)),
  get_case: async (t, { case: key, open }) => texts(await t.cases.get(key, opened(open))),
  list_cases: async (t, call) => texts(await t.cases.page(call)),
  list_queues: (t, call) => t.cases.queues(call),
  case_log: async (t, { open, ...rest }) => texts(await t.cases.logPage({ ...rest, ...opened(open) })),
  case_report: (t, call) => t.cases.report(call),
  replay_cases: (t) => t.cases.replay(),
  draw_case: async (t, { case: key, ...how }) => ({ text: await t.cases.draw(key, how) }),
  rehearse_migration: (t, { kind, map, ...rest }) => t.cases.rehearseMigration(kind, map, rest),
  read_mrz: async (_, { text, ...rest }) => readMrz(text, rest),
  read_callback: async (_, { provider, headers = [], body, keys = [], ...rest }) =>
    texts(readCallback(provider, headers.map(({ name, value }: Fields) => [name, value]), body, keys.map(camelFields), rest)),
  score_risk: async (_, { model, facts, ...rest }) => scoreRisk(model, facts, rest),
  import_ballerine: async (_, { text, ...rest }) => importBallerine(text, rest),
  import_rules: async (_, { text }) => importRules(text),
  lint_cases: async (_, { kind, charts, ...rest }) => lintCases(kind, charts, rest),
}

const opened = (open: Fields | null | undefined): Fields => (open == null ? {} : { open: camelFields(open) })

// Each change of a case.
const CHANGES: Record<string, (cases: any, key: string, change: Fields, data: any, context: Fields) => Promise<unknown>> = {
  open: (cases, key, { kind, ...rest }, data, context) => cases.open(key, kind, data, { ...rest, ...context }),
  send: (cases, key, { event, ...rest }, data, context) => cases.send(key, event, data, { ...rest, ...context }),
  advance: (cases, key, _, __, context) => cases.advance(key, context),
  assign: (cases, key, { to }, _, context) => cases.assign(key, to, context),
  claim: (cases, key, _, __, context) => cases.claim(key, context),
  release: (cases, key, _, __, context) => cases.release(key, context),
  note: (cases, key, { text }, _, context) => cases.note(key, text, context),
  snooze: (cases, key, { until, why, pause }, _, context) => cases.snooze(key, until, why, { pause, ...context }),
  wake: (cases, key, _, __, context) => cases.wake(key, context),
  request_document: (cases, key, { document, ...rest }, _, context) => cases.requestDocument(key, document, { ...rest, ...context }),
  submit_document: (cases, key, { document, hash, ...rest }, data, context) => cases.submitDocument(key, document, hash, { ...rest, data, ...context }),
  decide_document: (cases, key, { document, finding, ...rest }, data, context) => cases.decideDocument(key, document, finding, { ...rest, data, ...context }),
  attach: (cases, key, { name, hash, ...rest }, _, context) => cases.attach(key, name, hash, { ...rest, ...context }),
  decide: (cases, key, { decision, ...rest }, data, context) => cases.decide(key, decision, { ...rest, data, ...context }),
  return: (cases, key, { why }, _, context) => cases.returnDecision(key, why, context),
  override: (cases, key, { why, until }, data, context) => cases.override(key, why, until, { data, ...context }),
  escalate: (cases, key, { queue, why }, _, context) => cases.escalate(key, queue, why, context),
  reopen: (cases, key, { why }, _, context) => cases.reopen(key, why, context),
  cancel: (cases, key, { why }, _, context) => cases.cancel(key, why, context),
  migrate: (cases, key, { map }, _, context) => cases.migrate(key, map, context),
  callback: (cases, key, rest, data, context) => cases.callback(key, data, { ...rest, ...context }),
}

// As the wire has it: data of cases are texts.
function texts(value: any): any {
  if (Array.isArray(value)) return value.map(texts)
  if (typeof value !== 'object' || value === null || value instanceof Timestamp) return value
  const told = Object.entries(value).filter(([name]) => !name.endsWith('Text')).map(([name, item]) => {
    const text = value[`${name}Text`]
    if (text === undefined) return [name, texts(item)]
    assert.deepEqual(JSON.parse(nearest(item)), JSON.parse(text))
    return [name, text]
  })
  return Object.fromEntries(told)
}

// An instant of a policy's has as many digits as it needs, and not nine.
function shortened({ obligations, ...verdict }: Verdict): Fields {
  return { ...verdict, obligations: obligations.map(({ until, ...rest }) => ({ ...rest, until: until?.toString().replace(/\.?0+Z$/, 'Z') })) }
}

// The same for policies.
const OF_POLICIES: Record<string, (policy: Policy, call: Fields) => unknown> = {
  decide: (policy, { path, input, ...how }) => shortened(policy.decide(path, input, how)),
  evaluate: (policy, { path, input, ...how }) => ({ result: policy.evaluate(path, input, how) }),
  query_policy: (policy, { query, input, ...how }) => ({ ways: policy.query(query, input, how) }),
  describe_policy: (policy) => policy.describe(),
  test_policy: (policy, which) => policy.test(which),
  explain: (policy, { path, input, ...how }) => policy.explain(path, input, camelFields(how)),
  lint_policy: (policy) => policy.lint(),
  filter_rows: (policy, { path, input, ...table }) => policy.filter(path, input, camelFields(table) as Filtering),
  diff_policy: (policy, { to: { path, files, keys }, ...rest }) => policy.diff((path ?? files)!, { ...rest, ...(keys === undefined ? {} : { keys }) }),
}

// The same for charts.
const OF_CHARTS: Record<string, (chart: Chart, call: Fields) => unknown> = {
  describe_chart: (chart) => chart.describe(),
  lint_chart: (chart, how) => chart.lint(how),
  draw_chart: (chart, how) => ({ text: chart.draw(how) }),
  write_chart: (chart, how) => ({ text: chart.write(how) }),
  start_session: (chart, { id, data, ...how }) => stepped(chart.start(id, data, how)),
  step_session: (chart, { session, event, data, ...how }) => stepped(chart.step(session, event, data, camelFields(how))),
  advance_session: (chart, { session, ...how }) => stepped(chart.advance(session, how)),
  resume_session: (chart, { session, suspended_at, ...how }) => stepped(chart.resume(session, suspended_at, how)),
  cancel_session: (chart, { session, ...how }) => stepped(chart.cancel(session, how)),
  describe_session: (chart, { session }) => described(chart.session(session)),
}

// As the wire has it: what is carried is a text.
function stepped({ heard, effects, faults, trace, ...at }: ChartStep): Fields {
  return { at: described(at), heard, faults, effects: effects.map((effect) => ('data' in effect ? carried(effect) : effect)), trace }
}

function described(session: ChartSession): Fields {
  return { ...carried(session), pending: session.pending.map((waits) => ({ ...waits, due: waits.due.toString() })) }
}

function carried({ dataText, ...told }: { data?: unknown; dataText?: string }): Fields {
  assert.deepEqual(JSON.parse(nearest(told.data)), JSON.parse(dataText!))
  return { ...told, data: dataText }
}

const nearest = (value: unknown): string => JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item))

// Without what is worded, and without what says nothing; money and instants as text, names as the wire has them.
function plain(value: any, name = ''): any {
  if (value instanceof Money) return ['amount', 'have', 'need'].includes(name) ? value.toString() : value.amount
  if (value instanceof Timestamp) return value.toString()
  // An answer has the nearest number that JavaScript knows.
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map((item) => plain(item, name))
  if (typeof value === 'object' && value !== null) {
    const kept: Fields = {}
    for (const [field, item] of Object.entries(value)) {
      const wire = ['metadata', 'keep'].includes(name) ? field : field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      const told = plain(item, wire)
      const empty = told === undefined || told === null || told === '' || (typeof told === 'object' && !Array.isArray(told) && Object.keys(told).length === 0)
      if (!WORDED.has(wire) && !empty) kept[wire] = told
    }
    return kept
  }
  return value
}

async function differences(vector: Vector): Promise<string[]> {
  const found: string[] = []
  const t = await Thalium.open('memory:', { origin: '', ...(vector.tenant === undefined ? {} : { tenant: vector.tenant }), ...(vector.seed === undefined ? {} : { insecureSeed: vector.seed }) })
  const differ = (what: string, expected: unknown, told: unknown): void => {
    try {
      assert.deepStrictEqual(plain(told) ?? null, plain(expected) ?? null)
    } catch (error) {
      found.push(`${what}: ${(error as Error).message}`)
    }
  }
  for (const [number, step] of vector.steps.entries()) {
    const { op, viewer, ...rest } = structuredClone(step.call)
    const asked = viewer == null ? t : t.seenBy(viewer)
    if (step.failure !== undefined) {
      let told: unknown = 'nothing'
      try {
        await (t as any).ask(raw(step.call))
      } catch (error) {
        assert.ok(error instanceof ThaliumError)
        told = { code: error.code, field: error.field }
      }
      differ(`step ${number}`, step.failure, told)
    } else {
      differ(`step ${number}`, step.answer, await SURFACE[op]!(asked, rest))
    }
  }
  differ('end', vector.end, { ...(await t.root()), ...(await t.check()) })
  await t.close()
  return found
}

// What these are asked with, nobody can say by the surface.
const ASKED_NOTHING = new Set(['describe_policy', 'lint_policy', 'describe_chart'])
const NATIVE = join(dirname(require.resolve('thalium/package.json')), 'native.js')

// What a caller cannot say by the surface is said to the module beneath it.
async function openedPolicy({ path, files, keys }: Bundle): Promise<Policy> {
  const signed = keys === undefined ? {} : { keys }
  if (path !== undefined && files === undefined) return Policy.open(path, signed)
  if (files !== undefined && path === undefined) return Policy.of(files, signed)
  return beneath(() => require(NATIVE).openPolicySync(JSON.stringify({ path, files, keys })))
}

function beneath<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    const { code, message, field } = JSON.parse((error as Error).message)
    throw new ThaliumError(code, message, field)
  }
}

async function answered(call: () => unknown): Promise<Fields> {
  try {
    return { answer: await call() }
  } catch (error) {
    assert.ok(error instanceof ThaliumError, String(error))
    return { failure: { code: error.code, field: error.field } }
  }
}

async function policyDifferences({ open, steps = [], refused = [] }: PolicyVector): Promise<string[]> {
  const found: string[] = []
  const differ = (what: string, expected: Fields, told: Fields): void => {
    try {
      assert.deepStrictEqual(plain(told), plain(expected))
    } catch (error) {
      found.push(`${what}: ${(error as Error).message}`)
    }
  }
  for (const [number, { open: bundle, failure }] of refused.entries()) {
    const told = await answered(async () => void (await openedPolicy(bundle)))
    differ(`bundle ${number}`, { failure }, told)
  }
  if (!open) return found
  const policy = await openedPolicy(open)
  for (const [number, { call, ...expected }] of steps.entries()) {
    const { op, ...rest } = call
    const isSayable = op in OF_POLICIES && !(ASKED_NOTHING.has(op) && Object.keys(rest).length > 0)
    const told = await answered(() => isSayable
      ? OF_POLICIES[op]!(policy, rest)
      : beneath(() => require(NATIVE).openPolicySync(JSON.stringify(open)).call(JSON.stringify(call))))
    differ(`step ${number}`, expected, told)
  }
  return found
}

// As `openedPolicy`.
async function openedChart(open: OpenedChart): Promise<Chart> {
  const { path, text, policy, ...rest } = open
  const options = policy === undefined ? rest : { ...rest, policy: policy.path ?? policy.files!, ...(policy.keys === undefined ? {} : { keys: policy.keys }) }
  if (path !== undefined && text === undefined) return Chart.open(path, options)
  if (text !== undefined && path === undefined) return Chart.of(text, options)
  return beneath(() => require(NATIVE).openChartSync(JSON.stringify(open)))
}

async function chartDifferences({ open, steps, refused }: ChartVector): Promise<string[]> {
  const found: string[] = []
  const differ = (what: string, expected: Fields, told: Fields): void => {
    try {
      assert.deepStrictEqual(plain(told), plain(expected))
    } catch (error) {
      found.push(`${what}: ${(error as Error).message}`)
    }
  }
  for (const [number, { open: chart, failure }] of (refused ?? []).entries()) {
    differ(`chart ${number}`, { failure }, await answered(async () => void (await openedChart(chart))))
  }
  if (!open) return found
  const chart = await openedChart(open)
  let session: unknown
  for (const [number, { call, ...expected }] of (steps ?? []).entries()) {
    const asked = call.session === '$session' ? { ...call, session } : call
    const { op, ...rest } = asked
    const isSayable = op in OF_CHARTS && !(ASKED_NOTHING.has(op) && Object.keys(rest).length > 0)
    const told = await answered(() => isSayable
      ? OF_CHARTS[op]!(chart, rest)
      : beneath(() => require(NATIVE).openChartSync(JSON.stringify(open)).call(JSON.stringify(asked))))
    session = told.answer?.at?.session ?? told.answer?.session ?? session
    differ(`step ${number}`, expected, told)
  }
  return found
}

const readChart = (name: string): ChartVector => JSON.parse(readFileSync(join(FOLDER, 'charts', name), 'utf8')) as ChartVector
const readPolicy = (name: string): PolicyVector => JSON.parse(readFileSync(join(FOLDER, 'policy', name), 'utf8')) as PolicyVector

// Numbers past 2^53, which JSON.parse would round, are read as bigint and written as they were.
const BIG = '@bigint:'
function read(name: string): Vector {
  const text = readFileSync(join(FOLDER, name), 'utf8').replace(/([[:,]\s*)(\d{16,})(?=\s*[,\]}])/g, `$1"${BIG}$2"`)
  return JSON.parse(text, (_, value) => (typeof value === 'string' && value.startsWith(BIG) ? BigInt(value.slice(BIG.length)) : value)) as Vector
}

function raw(call: Fields): string {
  const text = JSON.stringify(call, (_, value) => (typeof value === 'bigint' ? `${BIG}${value}` : value))
  return text.replace(new RegExp(`"${BIG}(\\d+)"`, 'g'), '$1')
}

for (const name of FILES) {
  test(`Node answers as ${name} says`, async () => {
    assert.deepEqual(await differences(read(name)), [])
  })
}

for (const name of POLICIES) {
  test(`a policy answers in Node as ${name} says`, async () => {
    assert.deepEqual(await policyDifferences(readPolicy(name)), [])
  })
}

for (const name of CHARTS) {
  test(`a chart answers in Node as ${name} says`, async () => {
    assert.deepEqual(await chartDifferences(readChart(name)), [])
  })
}

test('a changed value of a policy is noticed', async () => {
  await everyChangeIsNoticed(POLICIES.map(readPolicy), policyDifferences)
})

test('a changed value of a chart is noticed', async () => {
  await everyChangeIsNoticed(CHARTS.map(readChart), chartDifferences)
})

async function everyChangeIsNoticed<T extends { steps?: Step[]; refused?: { failure: Json }[] }>(vectors: T[], differences: (vector: T) => Promise<string[]>): Promise<void> {
  const changes = vectors.flatMap((vector) => [...(vector.steps ?? []), ...(vector.refused ?? [])].flatMap((step, at) => {
    const told = 'answer' in step ? step.answer : step.failure
    return [...leaves(told)].filter((path) => !path.some((part) => WORDED.has(String(part)))).map((path) => [vector, at, path] as const)
  }))
  assert.ok(changes.length > 100)
  const every = Math.max(1, Math.floor(changes.length / 60))
  for (const [vector, at, path] of changes.filter((_, index) => index % every === 0)) {
    const changed = structuredClone(vector)
    const step: Fields = [...(changed.steps ?? []), ...(changed.refused ?? [])][at]!
    let holder = step.answer ?? step.failure
    for (const part of path.slice(0, -1)) holder = holder[part]
    holder[path.at(-1)!] = 'something else'
    assert.notDeepEqual(await differences(changed), [], `${at} ${path.join('.')}`)
  }
}

test('there are vectors, and every operation is there', () => {
  assert.ok(FILES.length > 20 && POLICIES.length > 1 && CHARTS.length > 1 && DECISIONS.length > 0 && CASES.length > 1)
  const names = [SURFACE, OF_THE_MACHINE, OF_FILES, OF_POLICIES, OF_CHARTS].flatMap((surface) => Object.keys(surface))
  // What a customer's device does is of the mobile packages.
  const here = [...operations()].filter(([, surface]) => surface !== 'device').map(([name]) => name)
  assert.deepEqual(here.sort(), names.sort())
  assert.ok(Object.keys(OF_POLICIES).every((name) => operations().get(name) === 'policy'))
  assert.ok(Object.keys(OF_CHARTS).every((name) => operations().get(name) === 'chart'))
  // And every one on record, of cases, of people and of a chart is called in a vector.
  const steps = [...BESIDE.map((name) => read(name).steps), ...CHARTS.map((name) => readChart(name).steps ?? [])].flat()
  const called = new Set(steps.map(({ call }) => call.op))
  for (const [name, surface] of operations()) if (['decisions', 'cases', 'kyc', 'chart'].includes(surface)) assert.ok(called.has(name), name)
  const changes = new Set(steps.filter(({ call }) => call.op === 'change_case').map(({ call }) => call.change.do))
  assert.deepEqual([...changes].sort(), Object.keys(CHANGES).sort())
  for (const name of Object.values(OF_THE_MACHINE)) if (name !== 'accounts' && name !== 'parties') assert.equal(typeof Thalium.prototype[name], 'function')
  for (const name of Object.values(OF_FILES)) assert.equal(typeof thalium[name], 'function')
})

function* leaves(value: any, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (typeof value === 'object' && value !== null) for (const [name, item] of Object.entries(value)) yield* leaves(item, [...path, name])
  else if (value != null && value !== '') yield path
}

for (const file of [FILES[0]!, ...BESIDE]) test(`a changed value is noticed in ${file}`, async () => {
  const vector = read(file)
  const paths = vector.steps.flatMap((step, number) => [...leaves(step.answer ?? step.failure)].map((path) => [number, path] as const))
  assert.ok(paths.length > 10)
  const every = Math.max(1, Math.floor(paths.length / 60))
  for (const [number, path] of paths.filter((_, index) => index % every === 0)) {
    const changed = structuredClone(vector)
    const step = changed.steps[number]!
    let holder: any = step.answer ?? step.failure
    for (const name of path.slice(0, -1)) holder = holder[name]
    holder[path.at(-1)!] = 'changed'
    assert.notDeepEqual(await differences(changed), [], `${number} ${path.join('.')}`)
  }
  for (const name of ['events', 'root', 'state_hash']) {
    const changed = structuredClone(vector) as Fields
    changed.end[name] = 'changed'
    assert.notDeepEqual(await differences(changed as Vector), [], name)
  }
})
