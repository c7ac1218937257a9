const service = 'sheets.googleapis.com';
const project = 'projects/1234567890';
const type = (name: string) => `type.googleapis.com/google.rpc.${name}`;

function apiDisabled() {
  const activationUrl =
    'https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=1234567890';
  const message =
    `Google Sheets API has not been used in project 1234567890 before or it is disabled. Enable it by visiting ${activationUrl} then retry.` +
    ' If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.';
  const metadata = {
    serviceTitle: 'Google Sheets API',
    consumer: project,
    activationUrl,
    containerInfo: '1234567890',
    service,
  };
  return {
    code: 403,
    message,
    status: 'PERMISSION_DENIED',
    details: [
      { '@type': type('ErrorInfo'), reason: 'SERVICE_DISABLED', domain: 'googleapis.com', metadata },
      { '@type': type('LocalizedMessage'), locale: 'en-US', message },
      {
        '@type': type('Help'),
        links: [{ description: 'Google developers console API activation', url: activationUrl }],
      },
    ],
  };
}

/** `Read` or `Write`. */
function quotaExceeded(kind: 'Read' | 'Write') {
  const lower = kind.toLowerCase();
  const metadata = {
    quota_limit_value: '60',
    service,
    consumer: project,
    quota_unit: '1/min/{project}/{user}',
    quota_location: 'global',
    quota_metric: `${service}/${lower}_requests`,
    quota_limit: `${kind}RequestsPerMinutePerUser`,
  };
  const url = 'https://cloud.google.com/docs/quotas/help/request_increase';
  return {
    code: 429,
    message: `Quota exceeded for quota metric '${kind} requests' and limit '${kind} requests per minute per user' of service '${service}' for consumer 'project_number:1234567890'.`,
    status: 'RESOURCE_EXHAUSTED',
    details: [
      { '@type': type('ErrorInfo'), reason: 'RATE_LIMIT_EXCEEDED', domain: 'googleapis.com', metadata },
      { '@type': type('Help'), links: [{ description: 'Request a higher quota limit.', url }] },
    ],
  };
}

/** The bodies' `error` objects; `code` is the HTTP status. https://developers.google.com/workspace/sheets/api/troubleshoot-api-errors */
export const googleErrors = {
  unauthenticated: {
    code: 401,
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    status: 'UNAUTHENTICATED',
  },
  'wrong-scope': {
    code: 403,
    message: 'Request had insufficient authentication scopes.',
    status: 'PERMISSION_DENIED',
  },
  'api-disabled': apiDisabled(),
  'not-found': { code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND' },
  'not-shared': { code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED' },
  'quota-exceeded': quotaExceeded('Read'),
  'write-quota-exceeded': quotaExceeded('Write'),
} as const;

export const badRange = (range: string) => ({
  code: 400,
  message: `Unable to parse range: ${range}`,
  status: 'INVALID_ARGUMENT',
});

export const invalid = (message: string) => ({ code: 400, message, status: 'INVALID_ARGUMENT' });

/** Of a body that is not as it has to be. */
export function invalidField(field: string, description: string) {
  const details = [{ '@type': type('BadRequest'), fieldViolations: [{ field, description }] }];
  return { ...invalid(description), details };
}

export const protectedCell = invalid(
  'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
);
