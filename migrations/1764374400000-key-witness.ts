import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One text, sealed under the master key: by it a start sees whether its key is the one of this database. */
export class KeyWitness1764374400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table key_witness (
        id integer constraint pk_key_witness primary key constraint ck_key_witness_one check (id = 1),
        sealed text not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table key_witness');
  }
}
