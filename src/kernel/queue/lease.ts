/** Renews a lease at half its length for as long as the work lasts. A renewal that fails is tried again at the next half. */
export async function whileLeased<T>(leaseMs: number, renew: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => void renew().catch(() => undefined), leaseMs / 2);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
