import type { Deciding } from './decisions.js'
import { PROBLEM, type Problem } from './idempotency.js'
import type { Decided, Reason, Verdict } from './types.js'

/** Who decides: a `Policy`, or a ledger (`Thalium`), which puts every decision on record. */
export interface Decider {
  /** Decides at a path. What it throws is no permission. */
  decide(path: string, input: unknown, how?: Deciding): Verdict | Promise<Verdict | Decided>
}

/** How a request is asked about, and what becomes of one that is not let through. */
export interface AuthorizeOptions<R = any, S = any> {
  /** How it is asked, and what a ledger keeps with the decision: `(request) => ({ concerns: request.idempotencyKey })`. It may be a promise. */
  how?: (request: R, response: S) => Deciding | Promise<Deciding>
  /** Is told why there is no verdict, for the log: the answer does not say it. */
  onError?: (error: unknown) => void
  /** What becomes of such a request, in place of an answer 403 or 503: `(problem, next) => next(new MyError(problem.detail))`. */
  onProblem?: (problem: Refusal, next: (error: unknown) => void) => void
}

/** Why a request is not let through, as its caller may know it. */
export interface Refusal extends Problem {
  /** `deny`; `review`, where a person decides; `undecided`, where the policy came to no verdict. */
  readonly code: 'deny' | 'review' | 'undecided'
  /** The reasons that are for the customer, and no others. */
  readonly reasons: readonly Reason[]
}

declare global {
  // Where Express's types are, its requests have the verdict.
  namespace Express {
    interface Request {
      /** The policy's verdict, behind `authorize(…)`. */
      verdict?: Verdict
      /** The decision's id, where it is on record. */
      decisionId?: string
    }
  }
}

const DENIED = { status: 403, title: 'It is not permitted', detail: 'the policy does not permit it' }
const REVIEW = { status: 403, title: 'A person has to decide', detail: 'it is not done before a person has approved it' }
const UNDECIDED = { status: 503, title: 'There is no decision', detail: 'whether it is permitted could not be decided: retry later' }

/** Nothing where the verdict, which the request gets, allows it. */
async function refusalOf(
  decider: Decider, path: string, input: unknown, how: Deciding | undefined, request: object, { onError }: AuthorizeOptions,
): Promise<Refusal | undefined> {
  let answer: Verdict | Decided
  try {
    answer = await decider.decide(path, input, how)
  } catch (error) {
    onError?.(error)
    return { ...UNDECIDED, code: 'undecided', reasons: [] }
  }
  const verdict = 'verdict' in answer ? answer.verdict : answer
  Object.assign(request, { verdict }, 'decisionId' in answer ? { decisionId: answer.decisionId } : {})
  const { outcome, reasons } = verdict
  if (outcome === 'allow') return undefined
  // Obligations stay here as well: that a case is opened is nothing for whoever it is about.
  const told = reasons.filter(({ audience }) => audience === 'customer')
  return outcome === 'review' ? { ...REVIEW, code: 'review', reasons: told } : { ...DENIED, code: 'deny', reasons: told }
}

/** An error that a framework takes for one: `next()` and `next('route')` would let the request through. */
function errorOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null ? thrown : new Error('the request is not let through', { cause: thrown })
}

/**
 * Express middleware: `app.post('/withdrawals', authorize(policy, 'access/verdict', (request) => ({ … })), handler)` lets a request through
 * that the policy allows, with the verdict on `request.verdict`, whose obligations are the handler's to see to. One that is denied or to be
 * reviewed is a 403 with the customer's reasons alone; where the policy comes to no verdict it is a 503. A ledger in place of the policy puts
 * the decision on record first, with what `how` says, and its id on `request.decisionId`.
 *
 * The input may be a promise, and says itself of which type its request is. What it throws goes to `next`, as the application's other
 * errors do. A second `authorize` on a route puts its own verdict in place of the first: let one policy join them.
 */
export function authorize<R extends object = any, S extends object = any>(
  policy: Decider,
  path: string,
  input: (request: R, response: S) => unknown,
  options: AuthorizeOptions<NoInfer<R>, NoInfer<S>> = {},
) {
  return async (
    request: NoInfer<R>,
    response: NoInfer<S> & { status(code: number): { type(type: string): { send(body: string): unknown } } },
    next: (error?: unknown) => void,
  ): Promise<void> => {
    let refusal: Refusal | undefined
    try {
      const [asked, how] = [await input(request, response), await options.how?.(request, response)]
      refusal = await refusalOf(policy, path, asked, how, request, options)
    } catch (error) {
      return next(errorOf(error))
    }
    if (!refusal) return next()
    if (options.onProblem) options.onProblem(refusal, (error) => next(errorOf(error)))
    else response.status(refusal.status).type(PROBLEM).send(JSON.stringify(refusal))
  }
}

/** As `authorize`, as a hook of Fastify's: `app.post('/withdrawals', { preHandler: authorizeHook(policy, path, input) }, handler)`. */
export function authorizeHook<R extends object = any>(
  policy: Decider,
  path: string,
  input: (request: R) => unknown,
  options: Omit<AuthorizeOptions<NoInfer<R>>, 'onProblem'> = {},
) {
  return async (
    request: NoInfer<R>,
    reply: { code(code: number): { type(type: string): { send(body: unknown): unknown } } },
  ): Promise<unknown> => {
    let refusal: Refusal | undefined
    try {
      const [asked, how] = [await input(request), await options.how?.(request, reply)]
      refusal = await refusalOf(policy, path, asked, how, request, options)
    } catch (error) {
      throw errorOf(error)
    }
    if (refusal) return reply.code(refusal.status).type(PROBLEM).send(JSON.stringify(refusal))
    return undefined
  }
}
