/**
 * Journeys compress days into seconds over real sockets; on a machine that stalls for a moment one may miss its moment.
 * A second try is logged with the error of the first, so that it is seen; what is really broken fails both.
 */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
