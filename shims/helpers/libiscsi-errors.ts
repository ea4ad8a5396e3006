// How a SCSI command or a session of libiscsi ended in, an Error out. Codes as QEMU's iSCSI driver has them. Follows SPC-4 (sense keys,
// additional sense codes), RFC 7143 11.13.5 (login status) and <iscsi/scsi-lowlevel.h>.

import { type SystemError, systemError } from '@dlshim/runtime';
import {
  SCSI_SENSE_ASCQ_INVALID_FIELD_IN_CDB,
  SCSI_SENSE_ASCQ_INVALID_OPERATION_CODE,
  SCSI_SENSE_ASCQ_LBA_OUT_OF_RANGE,
  SCSI_SENSE_COMMAND_ABORTED,
  SCSI_SENSE_DATA_PROTECTION,
  SCSI_SENSE_NOT_READY,
  SCSI_SENSE_UNIT_ATTENTION,
  SCSI_STATUS_BUSY,
  SCSI_STATUS_CANCELLED,
  SCSI_STATUS_CHECK_CONDITION,
  SCSI_STATUS_RESERVATION_CONFLICT,
  SCSI_STATUS_TASK_SET_FULL,
  SCSI_STATUS_TIMEOUT,
} from '../libiscsi.ts';

/** What a device says of a command that failed. */
export interface Sense {
  /** SCSI_SENSE_*. */
  readonly key: number;
  /** SCSI_SENSE_ASCQ_*: the additional sense code, and its qualifier in the lower byte. */
  readonly ascq: number;
}

/** A command that failed: a system error with what SCSI knows besides. */
export interface ScsiError extends SystemError {
  /** SCSI_STATUS_*. */
  readonly status: number;
  readonly sense: Sense | undefined;
}

const [EPERM, ENOENT, EIO, ENXIO, EAGAIN, EACCES, EBUSY, EINVAL, ENOSPC] = [1, 2, 5, 6, 11, 13, 16, 22, 28];
const [ENOTSUP, ECONNRESET, ETIMEDOUT, ECANCELED] = [95, 104, 110, 125];

const SPACE_ALLOCATION_FAILED = 0x2707;
/** Authentication and authorisation failed; no such target, or no longer. */
const LOGIN_STATUS: Readonly<Record<number, number>> = { 513: EACCES, 514: EACCES, 515: ENOENT, 516: ENOENT };

/** Makes one; `text` is libiscsi's last word. */
export function scsiError(syscall: string, status: number, sense: Sense | undefined, text: string | null): ScsiError {
  const error = systemError(errnoOf(status, sense), syscall);
  if (text) error.message += `: ${text.trim()}`;
  return Object.assign(error, { status, sense });
}

function errnoOf(status: number, sense: Sense | undefined): number {
  switch (status) {
    case SCSI_STATUS_TIMEOUT:
      return ETIMEDOUT;
    case SCSI_STATUS_CANCELLED:
      return ECANCELED;
    case SCSI_STATUS_RESERVATION_CONFLICT:
    case SCSI_STATUS_BUSY:
    case SCSI_STATUS_TASK_SET_FULL:
      return EBUSY;
    case SCSI_STATUS_CHECK_CONDITION:
      return sense ? errnoOfSense(sense) : EIO;
    default:
      return EIO;
  }
}

function errnoOfSense({ key, ascq }: Sense): number {
  if (key === SCSI_SENSE_UNIT_ATTENTION) return EAGAIN;
  if (key === SCSI_SENSE_NOT_READY) return EBUSY;
  if (key === SCSI_SENSE_COMMAND_ABORTED) return ECANCELED;
  if (key === SCSI_SENSE_DATA_PROTECTION) return ascq === SPACE_ALLOCATION_FAILED ? ENOSPC : EPERM;
  if (ascq === SCSI_SENSE_ASCQ_INVALID_OPERATION_CODE) return ENOTSUP;
  if (ascq === SCSI_SENSE_ASCQ_LBA_OUT_OF_RANGE || ascq === SCSI_SENSE_ASCQ_INVALID_FIELD_IN_CDB) return EINVAL;
  return EIO;
}

/** An error of the session. libiscsi tells its reasons in words, with the number of a socket's error or of a login's status in
 *  parentheses: 'socket error Connection refused(111)', 'Status: Authorization failure(513)'. */
export function sessionError(syscall: string, text: string | null): SystemError {
  const [, about, digits] = /(Status:|rror)[^()]*\((\d+)\)/.exec(text ?? '') ?? [];
  const number = Number(digits);
  let errno = about === undefined ? ECONNRESET : about === 'Status:' ? (LOGIN_STATUS[number] ?? EIO) : number;
  if (text?.includes('LOGICAL_UNIT_NOT_SUPPORTED')) errno = ENXIO;
  if (text?.includes('timed out')) errno = ETIMEDOUT;
  const error = systemError(errno, syscall);
  if (text) error.message += `: ${text.trim()}`;
  return error;
}
