import { rateLimitHeaders, rateLimited } from './rate-limit.answer.js';

const policy = { name: 'default', limit: 600, windowMs: 60_000 };

describe('the RateLimit headers', () => {
  it('name the policy, what is left of it, and until when', () => {
    expect(rateLimitHeaders(policy, { hits: 1, seconds: 60 })).toEqual({
      'RateLimit-Policy': '"default";q=600;w=60',
      RateLimit: '"default";r=599;t=60',
    });
  });

  it('never say less than nothing is left', () => {
    expect(rateLimitHeaders(policy, { hits: 700, seconds: 7 }).RateLimit).toBe('"default";r=0;t=7');
  });

  it('hold whole seconds, of which a window has at least one', () => {
    const headers = rateLimitHeaders({ ...policy, windowMs: 30 }, { hits: 1, seconds: 1 });
    expect(headers['RateLimit-Policy']).toBe('"default";q=600;w=1');
  });

  it('end when Retry-After does', () => {
    const problem = rateLimited('too many', 7);
    expect([problem.getStatus(), problem.code, problem.extras.retryAfter]).toEqual([429, 'rate_limited', 7]);
  });
});
