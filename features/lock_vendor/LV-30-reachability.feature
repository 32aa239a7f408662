@LV-30
Feature: Status says whether a lock can be reached

  Scenario: Every lock
    When the status of every lock is asked for
    Then every status says whether the lock can be reached

  Scenario: It is true
    Then a working lock is reported as reachable
