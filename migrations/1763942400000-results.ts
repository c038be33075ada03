import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Large results lie in files; the job's row says in which, and how large. */
export class Results1763942400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table jobs add column result_file uuid constraint fk_jobs_result_file references files (id),
         add column result_size bigint`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table jobs drop column result_size, drop column result_file');
  }
}
