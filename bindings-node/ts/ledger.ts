import { NativeColumns, type NativeLedger, native } from './native.js'
import { Cases } from './cases.js'
import { type ColumnSource, PostOutcomes, collect } from './columns.js'
import {
  type Capture, type Command, type Hold, type Name, type NewAccount, type NewAsset, type Post, type Release,
  type Transaction, type Transfer, commands, nameText,
} from './commands.js'
import {
  type Deciding, type Decision, type DecisionPage, type DecisionQuery, type Loading, type NamedPolicy, type Replaying, decideOnRecord, decisionPage,
  dropPolicy, loadPolicy, loadedPolicies, replayDecisions, rollBackPolicy,
} from './decisions.js'
import { settle, settleSync } from './errors.js'
import { type Abortable, SeenAccounts, SeenAssets, SeenBooks, SeenTransfers, type TransferQuery, fieldsOf, items, query } from './books.js'
import { Parties } from './parties.js'
import type { PolicyBundle } from './policy.js'
import { json, read } from './read.js'
import { type KlineQuery, Rollups, klinePage } from './rollups.js'
import { type Instant, instantText } from './timestamp.js'
import { BrokerView } from './view.js'
import type {
  BlnkReport, Checked, Decided, Health, KlinePage, LoadedPolicy, Outcome, ReplayReport, Root, Stats, SubjectKeysReport, TablesReport, TrialBalanceView,
} from './types.js'

/** Where the key of an encrypted ledger is; at most one of the three. */
export interface KeySource {
  /** A file that holds the key's text, or `keystore:NAME` for one in the key store of the platform. */
  keyFile?: string
  /** The key's text. */
  key?: string
  /** A passphrase. */
  passphrase?: string
}

/** How a ledger is opened. */
export interface OpenOptions {
  /** To read it beside a live writer, in any process. */
  readOnly?: boolean
  /** To read it as it was when its log had so many events. */
  at?: number
  /** Milliseconds to wait for another writer to end, and take over from it. */
  wait?: number
  /** Whether it is made if it is not there; by default it is. */
  create?: boolean
  /** The tenant of a ledger that is made. */
  tenant?: string
  /** Who asks, unless a request says otherwise; written into the log. Put no personal data there. */
  actor?: string
  /** In which role. */
  role?: string
  /** From where. */
  origin?: string
  /** MiB of the newest history in memory (64); some twice as much is in memory at a time. */
  memoryMib?: number
  /** The key of an encrypted ledger. One that is made is encrypted if a key is given. Personal data needs one. */
  keys?: KeySource
  /** For tests in `memory:`: 64 hexadecimal digits from which the keys of people come, the same everywhere. */
  insecureSeed?: string
}

/** Who asks for a request, and when. */
export interface Context {
  /** The instant; by default the clock's. */
  now?: Instant
  /** Who asks. */
  actor?: string
  /** In which role. */
  role?: string
  /** The caller's id of the request, for tracing. */
  requestId?: string
  /** Where it came from. */
  origin?: string
}

/** How a table is written. */
export type TableForm = 'csv' | 'jsonl' | 'parquet'

/** How what Blnk holds is taken over. */
export interface BlnkOptions {
  /** The asset that stands for a currency, where it is not the one of the same code. */
  assets?: Readonly<Record<string, string>>
  /** Leaves out the metadata of its records. */
  withoutMetadata?: boolean
  /** Only tells what would come out. */
  dryRun?: boolean
  /** Imports although money is missing or counted otherwise. */
  acceptDifferences?: boolean
}

/** A customer's device, and what it asks. */
export interface Sync {
  /** Who was authenticated: the actor, under whose name the keys of their intents are kept apart. */
  customer: string
  /** The accounts that are theirs. */
  accounts: readonly Name[]
  /** The accounts to which they may send money, and those under which such accounts stand; by default their own alone. */
  payees?: readonly Name[]
  /** What of cases is theirs, and what they may be told of it; by default nothing. */
  cases?: CustomerCases
  /** What the device sent: the text, or the object that it holds. */
  request: string | object
}

/** What of cases is a customer's, and what they may be told of it. What is not named is not told. */
export interface CustomerCases {
  /** The parties that the customer is, by key or id: cases about them are theirs. */
  parties: readonly string[]
  /** Documents that the customer may hand in though nobody has asked for them in the case yet. */
  documents?: readonly string[]
  /** The forms that the customer may fill in: by the event that the chart hears, the variables that it carries. */
  forms?: Readonly<Record<string, readonly string[]>>
  /** The states of charts that the customer may be told of. */
  states?: readonly string[]
  /** The reason codes of documents that the customer may be told. */
  reasons?: readonly string[]
}

/** Key sources as the wire has them. @internal */
export function keysText(keys: KeySource | undefined): Record<string, unknown> {
  return { key_file: keys?.keyFile, key: keys?.key, passphrase: keys?.passphrase }
}

function openText(options: OpenOptions): string {
  const { readOnly = false, at, wait = 0, create = true, tenant, actor = '', role = '', origin = 'node', memoryMib, keys, insecureSeed } = options
  return json({
    read_only: readOnly, at, wait_ms: wait, create, tenant, context: { actor, role, origin }, memory_mib: memoryMib,
    keys: keysText(keys), insecure_seed: insecureSeed,
  })
}

/**
 * An open ledger. Everything is a promise and blocks no event loop; requests that wait at the same time become durable together.
 *
 * `await using t = await Thalium.open('file:./data')` closes it at the end of the block.
 */
export class Thalium extends SeenBooks implements AsyncDisposable, Disposable {
  /** Opens accounts and finds them. */
  readonly accounts: Accounts
  /** Registers assets and lists them. */
  readonly assets: Assets
  /** What a back office works on: cases that run on charts. */
  readonly cases: Cases
  /** Registers people and companies, seals what is known of them, and forgets them. */
  readonly parties: Parties
  /** Defines rollups, and puts trades into them. */
  readonly rollups: Rollups
  /** Finds transfers. */
  readonly transfers: Transfers
  readonly #native: NativeLedger

  private constructor(opened: NativeLedger) {
    super()
    this.#native = opened
    this.accounts = new Accounts(this, opened)
    this.assets = new Assets(this)
    this.cases = new Cases(this)
    this.parties = new Parties(this)
    this.rollups = new Rollups(this)
    this.transfers = new Transfers(this, opened)
  }

  /**
   * Opens the ledger at an address: `memory:`, `file:DIRECTORY`, or a directory. It is made if it is not there.
   */
  static async open(address: string, options: OpenOptions = {}): Promise<Thalium> {
    return new Thalium(await settle(() => native.open(address, openText(options))))
  }

  /** Opens a ledger in memory at once. */
  static memory(options: OpenOptions = {}): Thalium {
    return new Thalium(settleSync(() => native.openMemory(openText(options))))
  }

  /** Asks something as the wire has it. @internal */
  async ask(request: string, signal?: AbortSignal): Promise<unknown> {
    return JSON.parse(await this.askText(request, signal))
  }

  /** As `ask`, with the answer as it stands. @internal */
  async askText(request: string, signal?: AbortSignal): Promise<string> {
    const [told] = await settle(() => this.#native.call(request), signal)
    return told
  }

  /**
   * The books as a broker sees them: itself, its clients and their accounts, and its own side of what moves between those and others.
   * What is asked there is asked as that broker, and nothing else can be.
   */
  seenBy(broker: Name): BrokerView {
    return new BrokerView(this, nameText(broker, 'broker'))
  }

  /**
   * Submits commands together (see `commands`), and resolves when they are durable: one outcome each. A rejected command stops
   * none of the others, unless they are linked.
   */
  async submit(batch: readonly Command[], { now, actor, role, requestId, origin, signal }: Context & Abortable = {}): Promise<readonly Outcome[]> {
    const context = { now: instantText(now, 'now'), actor, role, request_id: requestId, origin }
    const request = json({ op: 'submit', commands: batch, ...context })
    const told = await settle(() => this.#native.submit(request), signal)
    return Object.freeze((JSON.parse(told) as unknown[]).map((one) => read<Outcome>('Outcome', one)))
  }

  /** Submits one command. @internal */
  async doOne(command: Command, context: Context & Abortable): Promise<Outcome> {
    const [outcome] = await this.submit([command], context)
    return outcome as Outcome
  }

  /** Moves money at once. A retry with the same key never books twice. */
  async post(post: Post, context: Context & Abortable = {}): Promise<Outcome> {
    return this.doOne(commands.post(post), context)
  }

  /** Holds money for a later capture or release. */
  async hold(hold: Hold, context: Context & Abortable = {}): Promise<Outcome> {
    return this.doOne(commands.hold(hold), context)
  }

  /** Moves held money, wholly or in part; what is left is released. */
  async capture(capture: Capture, context: Context & Abortable = {}): Promise<Outcome> {
    return this.doOne(commands.capture(capture), context)
  }

  /** Gives held money back. */
  async release(release: Release, context: Context & Abortable = {}): Promise<Outcome> {
    return this.doOne(commands.release(release), context)
  }

  /** Books legs together, all or nothing; they balance in each asset. */
  async transaction(transaction: Transaction, context: Context & Abortable = {}): Promise<Outcome> {
    return this.doOne(commands.transaction(transaction), context)
  }

  /** A transfer with every field and flag of the ledger. */
  async transfer(transfer: Transfer, context: Context & Abortable = {}): Promise<Outcome> {
    return this.doOne(commands.transfer(transfer), context)
  }

  /**
   * Books a post for each row of a table, in order; resolves when all of it is durable. Columns are typed arrays, lists of
   * text, or an Arrow IPC stream; everything is read before the first row is booked.
   */
  async postColumns(columns: ColumnSource, { asset }: { asset?: string } = {}): Promise<PostOutcomes> {
    const collected = settleSync(() => collect(new NativeColumns(), columns))
    return new PostOutcomes(await settle(() => this.#native.postColumns(collected, asset)))
  }

  /**
   * Takes in tables that were exported, under their ids and at their times. With both the balances are compared in the end; an
   * import that was cut short is gone on with.
   */
  async importTables({ accounts, transfers, form }: { accounts?: string; transfers?: string; form?: TableForm }): Promise<TablesReport> {
    return read('TablesReport', await this.ask(json({ op: 'import_tables', accounts, transfers, form })))
  }

  /**
   * Takes over what Blnk holds, from a directory with the lists that its API returned. It is rehearsed in memory first; where
   * money is missing or counted otherwise nothing is imported, unless that is accepted.
   */
  async importBlnk(directory: string, { assets, withoutMetadata, dryRun, acceptDifferences }: BlnkOptions = {}): Promise<BlnkReport> {
    const options = { assets, without_metadata: withoutMetadata, dry_run: dryRun, accept_differences: acceptDifferences }
    return read('BlnkReport', await this.ask(json({ op: 'import_blnk', from: directory, ...options })))
  }

  /**
   * Books what a customer's device asks for, as far as the customer may, and gives the text to send back: what became of it, and
   * what is new on the customer's accounts. The same request sent again books nothing twice.
   */
  async sync({ customer, accounts, payees = [], cases, request }: Sync, { now, requestId, origin, signal }: Omit<Context, 'actor' | 'role'> & Abortable = {}): Promise<string> {
    const asked = {
      customer, accounts: accounts.map((account) => nameText(account, 'accounts')),
      payees: payees.map((account) => nameText(account, 'payees')), cases, request,
      now: instantText(now, 'now'), request_id: requestId, origin,
    }
    return this.askText(json({ op: 'sync', ...asked }), signal)
  }

  /**
   * Loads a policy to decide by, or puts another version in its place, for all who ask from then on:
   * `await t.loadPolicy('policies', { keys })`, or `await t.loadPolicy({ 'aml/aml.rego': module })`. With `shadow` it is tried out beside the one in
   * force and decides nothing; `listPolicies` tells what it would have decided otherwise. Policies are loaded where the process begins: they
   * are not stored with the ledger.
   *
   * A bundle that is refused is a `PolicyError` with the file and the row, and replaces nothing.
   */
  async loadPolicy(bundle: PolicyBundle, loading: Loading & Abortable = {}): Promise<LoadedPolicy> {
    return loadPolicy(this, bundle, loading)
  }

  /** Goes back to the version of a policy that was in force before. An `InvalidError` where there is none. */
  async rollBackPolicy(which: NamedPolicy & Abortable = {}): Promise<LoadedPolicy> {
    return rollBackPolicy(this, which)
  }

  /**
   * Takes a policy away: nothing is decided by it any more. With `shadow`, only what is tried out beside it. An `InvalidError` where there is none.
   */
  async dropPolicy(which: NamedPolicy & { shadow?: boolean } & Abortable = {}): Promise<void> {
    return dropPolicy(this, which)
  }

  /** The policies that it decides by, by name, each with what is tried out beside it. */
  async listPolicies({ signal }: Abortable = {}): Promise<readonly LoadedPolicy[]> {
    return loadedPolicies(this, signal)
  }

  /**
   * Decides by a policy that was loaded, and puts on record what was asked, what was answered, and by which version; resolves when that is
   * durable: `const { verdict, decisionId } = await t.decide('aml/verdict', { amount: '999.99' }, { subject: 'c42', concerns: 'w-17' })`.
   *
   * The input is as `Policy.decide` takes it: its numbers are exact. With a `subject`, input and answer are sealed with that party's own key.
   *
   * Whatever rejects is no permission: whoever asked must deny. A policy that comes to no verdict is an `UndecidedError`, and on record with it;
   * a path, a policy or a party that is not there is an `InvalidError` with its `field`. Aborting stops the waiting alone: the decision may
   * still be on record.
   */
  async decide<T = unknown>(path: string, input?: T, deciding: Deciding & Abortable = {}): Promise<Decided> {
    return decideOnRecord(this, path, input, deciding)
  }

  /**
   * A page of the decisions on record, the oldest first, each with the names of Open Policy Agent's decision logs:
   * `const { decisions, next } = await t.listDecisions({ outcome: 'deny', from: '2026-01-01', masks: ['/input/name'] })`. `next` is there
   * where there are more, and the `after` of the next page.
   *
   * What is sealed is opened with `open: { why: 'complaint 12' }`; each party whose data that is gets a reading on record first, which
   * `t.parties.accessLog` tells.
   *
   * Numbers are exact: a whole one past 2^53 is a `bigint`. Another that JavaScript cannot hold is an `UndecidedError`: leave it out, with `masks`.
   */
  async listDecisions(asked: DecisionQuery & Abortable = {}): Promise<DecisionPage> {
    return decisionPage(this, asked)
  }

  /** The decisions on record, the oldest first, page after page; `limit` at most, or all. With `open` every page is a reading. */
  async *decisions({ after, limit, ...asked }: DecisionQuery & Abortable = {}): AsyncGenerator<Decision, void, undefined> {
    const ask = (next: { after?: number; limit: number }): Promise<DecisionPage> => decisionPage(this, { ...asked, ...next })
    yield* items<DecisionPage, Decision>(ask, (told) => told.decisions, after, limit)
  }

  /**
   * Asks another bundle what is on record, each decision at its own instant with its own chance:
   * `const { flipped, flips } = await t.replayDecisions('policies-next', { from: '2026-01-01' })`. It tells how many come to the same and which have
   * another outcome. Nothing is booked, and of what is sealed nothing is told but that.
   */
  async replayDecisions(bundle: PolicyBundle, replaying: Replaying & Abortable = {}): Promise<ReplayReport> {
    return replayDecisions(this, bundle, replaying)
  }

  /**
   * The candles of a symbol that begin at `from` or later and before `to`, oldest first:
   * `const { klines, next } = await t.klines('BTC-ZAR', '1h', { from, to })`. With `from` they are the first of them, and `next` is the `from`
   * of the next page if there are more; without it, the last. `t.rollups.klines` goes on page after page.
   *
   * `width` is one of the levels of the rollup. A bucket in which nothing has happened is left out; with `fill`, each between two in which
   * anything has is told too, with the close before it and no trades. Prices, quantities and turnovers are decimal text: exact, and no
   * numbers.
   */
  async klines(symbol: string, width: string, candles: KlineQuery & Abortable = {}): Promise<KlinePage> {
    return klinePage(this, symbol, width, candles)
  }

  /** The balances of every account, asset by asset, now or after everything up to an instant. */
  async trialBalance({ at, signal }: { at?: Instant } & Abortable = {}): Promise<readonly TrialBalanceView[]> {
    const told = (await this.ask(query('trial_balance', { at }), signal)) as unknown[]
    return Object.freeze(told.map((trial) => read<TrialBalanceView>('TrialBalanceView', trial)))
  }

  /** The size of the log and the root of its Merkle tree. */
  async root(): Promise<Root> {
    return read('Root', await this.ask('{"op":"root"}'))
  }

  /** Checks every invariant of the books, and gives the digest of the state. */
  async check(): Promise<Checked> {
    return read('Checked', await this.ask('{"op":"check"}'))
  }

  /** How large the ledger is. */
  async stats(): Promise<Stats> {
    return read('Stats', await this.ask('{"op":"stats"}'))
  }

  /** Whether it takes requests, what waits, and whether the disk has room. */
  async health(): Promise<Health> {
    return read('Health', await this.ask('{"op":"health"}'))
  }

  /** Figures for a dashboard in the OpenMetrics text format. */
  async metrics(): Promise<string> {
    return (await this.ask('{"op":"metrics"}')) as string
  }

  /** Takes no more requests, and resolves when all that was taken is durable: the first step of a hand-over. */
  async drain(): Promise<void> {
    await this.ask('{"op":"drain"}')
  }

  /** Encrypts what is written from now on with a new data key, and gives its number. */
  async rotateKeys(): Promise<number> {
    return (await this.ask('{"op":"rotate_keys"}')) as number
  }

  /** Wraps the data keys with another key, which opens the ledger from now on. */
  async rewrapKeys(keys: KeySource): Promise<void> {
    await this.ask(json({ op: 'rewrap_keys', ...keysText(keys) }))
  }

  /** Unwraps every data key, and gives how many there are. */
  async checkKeys(): Promise<number> {
    return (await this.ask('{"op":"check_keys"}')) as number
  }

  /**
   * Wraps the keys of people with a new key of the tenant's, and gives its number; what an old copy of them holds is of no more use.
   */
  async rotateSubjectKeys(): Promise<number> {
    return (await this.ask('{"op":"rotate_subject_keys"}')) as number
  }

  /** Unwraps every key of a person's, and tells which cannot be had. */
  async checkSubjectKeys(): Promise<SubjectKeysReport> {
    return read('SubjectKeysReport', await this.ask('{"op":"check_subject_keys"}'))
  }

  /** Closes the ledger when the calls that are under way have ended. Closing again does nothing. */
  async close(): Promise<void> {
    await settle(() => this.#native.close())
  }

  /** As `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Closes it at once, waiting for the calls that are under way. */
  [Symbol.dispose](): void {
    settleSync(() => this.#native.closeSync())
  }
}

/** Registers assets and lists them. */
export class Assets extends SeenAssets {
  readonly #of: Thalium

  /** @internal */
  constructor(of: Thalium) {
    super(of)
    this.#of = of
  }

  /** Registers an asset. The currencies of ISO 4217 are there without it. */
  async create(asset: NewAsset, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.asset(asset), context)
  }

}

/** Opens accounts and finds them. */
export class Accounts extends SeenAccounts {
  readonly #of: Thalium
  readonly #native: NativeLedger

  /** @internal */
  constructor(of: Thalium, opened: NativeLedger) {
    super(of)
    this.#of = of
    this.#native = opened
  }

  /** Opens an account. */
  async create(account: NewAccount, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.account(account), context)
  }

  /**
   * Writes the accounts with their balances as CSV, JSON lines or Parquet, as the file's name or `form` tells; gives the number of
   * rows. The file is there whole or not at all.
   */
  async exportTo(file: string, { form }: { form?: TableForm } = {}): Promise<number> {
    return (await this.#of.ask(json({ op: 'export_table', table: 'accounts', file, form }))) as number
  }

  /** All accounts with their balances, as an Arrow IPC stream. */
  async toArrow(): Promise<Uint8Array> {
    const [, bytes] = await settle(() => this.#native.accountColumns())
    return bytes as Uint8Array
  }
}

/** Finds transfers. */
export class Transfers extends SeenTransfers {
  readonly #of: Thalium
  readonly #native: NativeLedger

  /** @internal */
  constructor(of: Thalium, opened: NativeLedger) {
    super(of)
    this.#of = of
    this.#native = opened
  }

  /**
   * Writes the transfers that match as CSV, JSON lines or Parquet, as the file's name or `form` tells; gives the number of rows.
   * The file is there whole or not at all.
   */
  async exportTo(file: string, { form, ...transfers }: TransferQuery & { form?: TableForm } = {}): Promise<number> {
    const asked = fieldsOf(transfers)
    return (await this.#of.ask(json({ op: 'export_table', table: 'transfers', file, form, query: asked }))) as number
  }

  /** The transfers that match, as an Arrow IPC stream. */
  async toArrow(transfers: TransferQuery = {}): Promise<Uint8Array> {
    const [, bytes] = await settle(() => this.#native.transferColumns(json(fieldsOf(transfers))))
    return bytes as Uint8Array
  }
}
