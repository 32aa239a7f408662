@IP-04
Feature: The declared use cases are exercised

  Scenario Outline: <use>
    Given the partner declares the use "<use>"
    When a guest's stay is booked that takes "<use>"
    Then Inlet received a request for "<use>" and carried it out
    And the guest can come in as "<use>" promises
    And its access, where it makes one, is for the stay
    And no access stands at a door that nobody booked for its guest

    Examples:
      | use        |
      | code       |
      | unlock     |
      | pulse      |
      | mobile_key |
      | url_key    |

  @afterwards
  Scenario: Over all accesses of the run
    Then no access stands at a door that nobody booked for its guest
    And every access that Inlet holds belongs to a booking of the run
