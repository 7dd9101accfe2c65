// Where schedulers look: a file there schedules something, whoever put it there.

/** Whether a file of that name schedules something by being there. */
export const isSchedulePlace = (path: string): boolean => schedulePlace.test(path);

/** Allow and deny files, service units alone and at's counter schedule nothing. */
const schedulePlace =
  /^\/(?:var\/spool\/(?:cron|at|atjobs|anacron)\/(?!(?:atjobs\/)?\.SEQ$)|etc\/(?:cron\.(?:d|hourly|daily|weekly|monthly|yearly)\/[^/]+$|crontab$|anacrontab$))|\/systemd\/.*(?:\.timer(?:$|\.d\/)|\.timer\/|timers\.target\.wants\/)/;
