@LV-70
Feature: Removed mobile access no longer opens

  Scenario: The phone is turned away
    Given a guest with mobile access in force
    When the mobile access is removed and the documented delay has passed
    Then the phone no longer opens the lock
    And the mobile access is no longer listed as in force
