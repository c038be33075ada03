/** How the built-in server is set; everything else stays at Postgres's own values. */
export function serverSettings(durable: boolean, own: Record<string, string> = {}): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    jit: 'off',
    ...(durable
      ? { min_wal_size: '256MB', max_wal_size: '1GB' }
      : {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          wal_level: 'minimal',
          max_wal_senders: '0',
        }),
    ...own,
  };
}

/** The server's arguments without the port, which is another one at every start. */
export function serverArguments(dataDir: string, settings: Record<string, string>): string[] {
  return ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
