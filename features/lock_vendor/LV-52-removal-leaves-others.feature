@LV-52
Feature: Removing one access leaves the others

  Background:
    Given the vendor can withdraw PINs
    And a guest with PINs on two locks, and a neighbour on the first

  Scenario: The neighbour on the same lock
    When the guest's PIN on the first lock is removed and the documented delay has passed
    Then the neighbour's PIN still opens and is unchanged

  Scenario: The same guest on another lock
    When the guest's PIN on the first lock is removed and the documented delay has passed
    Then the guest's PIN on the second lock still opens and is unchanged
