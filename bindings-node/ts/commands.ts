import { Money } from './money.js'
import { snake } from './read.js'
import { type Instant, instantText } from './timestamp.js'
import type {
  AccountKind, AccountRole, AccountView, Basis, ForgetScope, Outcome, PartyKind, PartyView, RelationRole, RiskLevel, TransferView,
} from './types.js'

/** What names an account, a transfer or a party: a key, an id, or a value that has one. */
export type Name = string | AccountView | TransferView | PartyView | Outcome
/** Money, or decimal text with the asset or without: `'250.00 ZAR'`. A `number` or a bare `bigint` is an error. */
export type Amount = Money | string
/** A civil date, as `'2026-01-31'`. */
export type CivilDate = string

/** What kind of identifier something is, and so how it is brought into one form. */
export type IdentifierKind =
  | 'name' | 'email' | 'phone' | 'iban' | 'tax_number' | 'passport' | 'national_id' | 'company_number' | 'lei' | 'wallet' | 'other'
/** A flag of an account. */
export type AccountFlag =
  | 'debits_must_not_exceed_credits' | 'credits_must_not_exceed_debits' | 'history' | 'imported' | 'closed' | 'linked'
/** A flag of a transfer. */
export type TransferFlag =
  | 'pending' | 'post_pending' | 'void_pending' | 'balancing_debit' | 'balancing_credit' | 'closing_debit'
  | 'closing_credit' | 'imported' | 'linked'

/** A currency or a fund of ISO 4217. */
export interface Fiat {
  /** Its number in that standard. */
  fiat: {
    /** From 0 to 999. */
    number: number
  }
}

/** An asset to register. */
export interface NewAsset {
  /** Its code: 1 to 16 of `A`–`Z`, `0`–`9`, `.`, `_`, `-`. */
  code: string
  /** Digits after the point, 0 to 38. */
  scale: number
  /** What it is; by default `crypto`. */
  kind?: 'crypto' | 'security' | 'points' | Fiat
  /** Its ledger number; by default the next free one from 1,000 on. */
  ledger?: number
}

/** An account to open. */
export interface NewAccount {
  /** The caller's name for it, unique. */
  key?: string
  /** Its id: a UUID or a decimal number; by default made from the key. */
  id?: string
  /** The code of its asset. */
  asset: string
  /** Its kind in the chart of accounts. What the book owes, a `liability`, may not be overdrawn unless `overdraft` says so. */
  kind?: AccountKind
  /** The account above it. */
  parent?: Name
  /** A name; public, unless there is a subject. */
  name?: string
  /** Whether it may be overdrawn, though it is a liability. */
  overdraft?: boolean
  /** Flags. */
  flags?: readonly AccountFlag[]
  /** Why it exists, by the caller's own list; by default 1. */
  code?: number
  /** Metadata, at most 4 KiB; public, unless there is a subject. */
  metadata?: Readonly<Record<string, string>>
  /** The party to which the name and the metadata are sealed; without one, they are public. */
  subject?: Name
  /** On what ground they are kept; by default `law`, as records of transactions are. */
  basis?: Basis
  /** The years for which a law has them kept after the business relationship ended; by default five. */
  years?: number
  /** The retention class that says so, in place of years: its name. */
  retention?: string
  /** The entries of the metadata that stay public all the same. */
  public?: readonly string[]
  /** For the caller's use: a UUID or a decimal number. */
  userData128?: string
  /** For the caller's use. */
  userData64?: bigint
  /** For the caller's use. */
  userData32?: number
  /** When it was opened, for an imported account. */
  timestamp?: Instant
}

/** What any movement may carry. */
export interface Extra {
  /** The caller's name for it: a retry with the same key never books twice. */
  key?: string
  /** Its id: a UUID or a decimal number; by default made from the key. */
  id?: string
  /** A description; public, unless there is a subject. */
  description?: string
  /** Metadata, at most 4 KiB; public, unless there is a subject. */
  metadata?: Readonly<Record<string, string>>
  /** The party to which the description and the metadata are sealed; without one, they are public. */
  subject?: Name
  /** On what ground they are kept; by default `law`, as records of transactions are. */
  basis?: Basis
  /** The years for which a law has them kept after the business relationship ended; by default five. */
  years?: number
  /** The retention class that says so, in place of years: its name. */
  retention?: string
  /** The entries of the metadata that stay public all the same. */
  public?: readonly string[]
  /** The civil date that the books give it. */
  effectiveDate?: CivilDate
  /** Why the money moves, by the caller's own list; by default 1. */
  code?: number
  /** For the caller's use: a UUID or a decimal number. */
  userData128?: string
  /** For the caller's use. */
  userData64?: bigint
  /** For the caller's use. */
  userData32?: number
  /** Whether this command and the next succeed or fail together. */
  linked?: boolean
}

/** Money to move at once. */
export interface Post extends Extra {
  /** The account that is debited. */
  from: Name
  /** The account that is credited. */
  to: Name
  /** How much. */
  amount: Amount
}

/** Money to hold. */
export interface Hold extends Extra {
  /** The account whose money is held. */
  from: Name
  /** The account that it is meant for; by default the account `holds:ASSET`, which must exist. */
  to?: Name
  /** How much. */
  amount: Amount
  /** Seconds after which it is released by itself. */
  timeout?: number
}

/** Held money to move. */
export interface Capture extends Extra {
  /** The hold. */
  hold: Name
  /** Another account than the hold was meant for. */
  to?: Name
  /** How much; by default all of it. What is left is released. */
  amount?: Amount
}

/** Held money to give back. */
export interface Release extends Extra {
  /** The hold. */
  hold: Name
}

/** An entry of a transaction. */
export interface Leg {
  /** The account. */
  account: Name
  /** Its side. */
  side: 'debit' | 'credit'
  /** How much. */
  amount: Amount
}

/** Legs to book together, all or nothing; they balance in each asset. */
export interface Transaction extends Extra {
  /** The legs. */
  legs: readonly Leg[]
}

/** A transfer with every field and flag of the ledger. */
export interface Transfer extends Extra {
  /** The account that is debited. */
  from?: Name
  /** The account that is credited. */
  to?: Name
  /** How much; `'max'`: as much as there is. */
  amount?: Amount
  /** The pending transfer that it posts or voids. */
  pending?: Name
  /** Seconds after which a pending transfer is released by itself. */
  timeout?: number
  /** Flags. */
  flags?: readonly TransferFlag[]
  /** When it was booked, for an imported transfer. */
  timestamp?: Instant
}

/** A party to register. */
export interface NewParty {
  /** The caller's name for it, unique. It stands in the log in the clear: no personal data in it. */
  key?: string
  /** Its id: a UUID or a decimal number; by default made from the key. */
  id?: string
  /** What it is; by default a `person`. */
  kind?: PartyKind
  /** The broker whose client it is. */
  broker?: Name
}

/** What changes of a party; what is left out stays as it is. */
export interface Amendment {
  /** The party. */
  party: Name
  /** How far it was identified, by the caller's own scale. */
  kycLevel?: number
  /** How much risk it is. */
  risk?: RiskLevel
  /** Flags that it gets. */
  set?: readonly string[]
  /** Flags that it loses. */
  clear?: readonly string[]
  /** The date on which the business relationship ended. */
  ended?: CivilDate
  /** Whether the relationship goes on after it had ended. */
  resumed?: boolean
}

/** Since when and until when, that day included. To end something is to say it again with `until`. */
export interface Dates {
  /** Since which date. */
  since?: CivilDate
  /** Until which date. */
  until?: CivilDate
}

/** What one party is to another. */
export interface Relation extends Dates {
  /** The party that has the role. */
  from: Name
  /** The party for which it has it. */
  to: Name
  /** The role. */
  role: RelationRole
  /** The share in percent, with up to two decimals. */
  share?: string
}

/** An account of a party. */
export interface Assignment extends Dates {
  /** The party. */
  party: Name
  /** The account. */
  account: Name
  /** What the party may do; by default it is the `owner`. */
  role?: AccountRole
}

/** A field of personal data. */
export interface PersonalField {
  /** The value. It is sealed before it is kept. */
  value: string
  /** What it is held for, such as `contact` or `due_diligence`. */
  purpose: string
  /** On what ground; by default by `law` with a retention class, else by `consent`. */
  basis?: Basis
  /** The years for which a law has it kept after the relationship ended; by default 5. */
  years?: number
  /** The retention class that says so, in place of years: its name. */
  retention?: string
  /** What kind of identifier it is, for one by which the party can be found. */
  identifier?: IdentifierKind
}

/** Personal data to take down. */
export interface PersonalFields {
  /** The party. */
  party: Name
  /** The fields by their names. */
  fields: Readonly<Record<string, PersonalField>>
}

/** Two records of one party, of which one goes on. */
export interface Merger {
  /** The one that is found under the other from now on. */
  party: Name
  /** The one that goes on. */
  into: Name
}

/** A legal hold. */
export interface LegalHold {
  /** The party. */
  party: Name
  /** The caller's name for the hold. */
  name: string
  /** Until which date, that day included; until it is lifted, where nothing is said. */
  until?: CivilDate
  /** Why; in the clear. */
  reason?: string
}

/** A retention class: a name for how long a law has data kept. */
export interface RetentionClass {
  /** Its name; in the clear. */
  name: string
  /** The years for which the law has data kept after the business relationship ended. */
  years: number
  /** The law that says so; in the clear. */
  law?: string
}

/** Who may read the access log, and until when. */
export interface AccessGrant {
  /** Who may: the actor of their requests. */
  actor: string
  /** Whose log: a party's, or that of a broker and its clients; of all, where nothing is said. */
  party?: Name
  /** Until when; a date stands for its last instant in UTC. */
  until: Instant
}

/** A command, ready to be submitted: see `commands`. */
export interface Command {
  /** What it does. */
  readonly op: string
  readonly [field: string]: unknown
}

/** The text that names an account, a transfer or a party. @internal */
export function nameText(value: Name, field: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && typeof value.id === 'string') return value.id
  if (typeof value === 'object' && value !== null && 'ok' in value) {
    throw new RangeError(`${field}: names nothing: the command that it comes from was refused`)
  }
  throw new TypeError(`${field}: give a key, an id or what was answered, not a ${typeof value}`)
}

/** How a request writes an amount. @internal */
export function amountText(value: Amount, field = 'amount'): string {
  if (typeof value === 'string') return value
  if (value instanceof Money) return value.toString()
  throw new TypeError(`${field}: a ${typeof value} cannot say how much money: give Money or decimal text`)
}

const NAMES = new Set(['from', 'to', 'hold', 'parent', 'pending', 'account', 'under', 'party', 'into', 'broker', 'subject'])

/** A command or a leg as the wire has it. @internal */
export function wire(op: string, fields: object): Command {
  return { op, ...plain(fields) }
}

/** Fields as the wire has them. @internal */
export function plain(fields: object): Record<string, unknown> {
  if (typeof fields !== 'object' || fields === null) throw new TypeError(`give an object, not ${String(fields)}`)
  const told: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    // What is null is not there, but for money: an amount that is missing by mistake is told.
    if (value === undefined || (value === null && name !== 'amount')) continue
    if (NAMES.has(name)) told[name] = nameText(value as Name, name)
    else if (name === 'amount') told[name] = amountText(value as Amount)
    else if (name === 'timestamp') told[name] = instantText(value as Instant, name)
    else if (name === 'legs') told[name] = (value as Leg[]).map((leg) => plain(leg))
    else told[snake(name)] = value
  }
  return told
}

/** Makes commands to submit together: `t.submit([commands.post({…}), commands.hold({…})])`. */
export const commands = {
  /** Registers an asset. */
  asset: (asset: NewAsset): Command => wire('asset', asset),
  /** Opens an account. */
  account: (account: NewAccount): Command => wire('account', account),
  /** Moves money at once. */
  post: (post: Post): Command => wire('post', post),
  /** Holds money for a later capture or release. */
  hold: (hold: Hold): Command => wire('hold', hold),
  /** Moves held money, wholly or in part. */
  capture: (capture: Capture): Command => wire('capture', capture),
  /** Gives held money back. */
  release: (release: Release): Command => wire('release', release),
  /** Books legs together, all or nothing. */
  transaction: (transaction: Transaction): Command => wire('transaction', transaction),
  /** A transfer with every field and flag of the ledger. */
  transfer: (transfer: Transfer): Command => wire('transfer', transfer),
  /** Registers a party. */
  registerParty: (party: NewParty): Command => wire('register_party', party),
  /** Changes what is known of a party. */
  amendParty: (amendment: Amendment): Command => wire('amend_party', amendment),
  /** Says what one party is to another. */
  relateParties: (relation: Relation): Command => wire('relate_parties', relation),
  /** Gives an account to a party. */
  assignAccount: (assignment: Assignment): Command => wire('assign_account', assignment),
  /** Takes down personal data, sealed with the party's own keys. */
  sealData: (data: PersonalFields): Command => wire('seal_data', data),
  /** Makes two records of one party one. */
  mergeParties: (merger: Merger): Command => wire('merge_parties', merger),
  /** Undoes a merger. */
  splitParty: (split: { party: Name }): Command => wire('split_party', split),
  /** Places a legal hold: nothing of the party is forgotten while it is in force. */
  placeHold: (hold: LegalHold): Command => wire('place_hold', hold),
  /** Lifts a legal hold. */
  liftHold: (hold: { party: Name; name: string }): Command => wire('lift_hold', hold),
  /** Forgets a party: its keys are destroyed. */
  forgetParty: (forget: { party: Name; scope?: ForgetScope }): Command => wire('forget_party', forget),
  /** Lets someone read the access log until an instant. */
  grantAccess: ({ until, ...grant }: AccessGrant): Command => wire('grant_access', { ...grant, until: instantText(until, 'until') }),
  /** Takes back all that someone was granted. */
  revokeAccess: (revoke: { actor: string }): Command => wire('revoke_access', revoke),
  /** Says how long a law has data of a retention class kept. Said again it is changed, and what was sealed under it follows. */
  defineRetention: (retention: RetentionClass): Command => wire('define_retention', retention),
}
