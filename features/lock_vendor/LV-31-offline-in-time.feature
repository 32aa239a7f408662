@LV-31
Feature: A lock that goes offline is reported in time

  Scenario: A lock that is offline
    Then an offline lock is reported as unreachable

  Scenario: A lock that goes offline and comes back
    Given a working lock
    When the lock goes offline and the documented delay has passed
    Then the lock is reported as unreachable
    When the lock comes back and the documented delay has passed
    Then the lock is reported as reachable
